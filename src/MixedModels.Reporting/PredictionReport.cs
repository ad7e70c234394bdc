using System.Text.Json;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>Predictions, a row a row of the data, counted from 1. JSON: <c>[ { "row", "fit", "se", "lower", "upper" } ]</c>.</summary>
/// <remarks>Standard errors and intervals are left out where they were not asked for; a missing prediction is null in JSON, NA in CSV.</remarks>
public sealed class PredictionReport : Report
{
    private readonly IReadOnlyList<PredictedValue> predictions;
    private readonly string? statement;
    private readonly (string Name, Func<PredictedValue, double?> Value)[] extras;

    /// <summary>Reports predictions and, in text and Markdown, what their standard errors and intervals hold.</summary>
    /// <param name="predictions">The predictions; may be empty.</param>
    /// <param name="fit">The fit that made them.</param>
    /// <param name="options">What was asked for.</param>
    /// <exception cref="ArgumentNullException">There is no list, fit or options.</exception>
    public PredictionReport(IReadOnlyList<PredictedValue> predictions, IMixedModelFit fit, PredictionOptions options)
        : this(predictions)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(options);
        statement = PredictionWords.Statement(fit, options);
    }

    /// <summary>Reports predictions in the order given.</summary>
    /// <param name="predictions">The predictions; may be empty.</param>
    /// <exception cref="ArgumentNullException">There is no list.</exception>
    public PredictionReport(IReadOnlyList<PredictedValue> predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        this.predictions = predictions;
        (string Name, Func<PredictedValue, double?> Value)[] possible =
            [("se", row => row.StandardError), ("lower", row => row.Lower), ("upper", row => row.Upper)];
        extras = [.. possible.Where(extra => predictions.Any(row => extra.Value(row) is not null))];
    }

    private protected override void WriteText(TextWriter writer)
    {
        TextTable.Write(writer, Table());
        if (statement is null) return;
        writer.Write('\n');
        WrappedText.Write(writer, "", statement, 0);
    }

    private protected override void WriteMarkdown(TextWriter writer)
    {
        MarkdownTable.Write(writer, Table());
        if (statement is not null) writer.Write("\n" + MarkdownTable.Escape(statement) + "\n");
    }

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, Table());

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var row in predictions)
        {
            json.WriteStartObject();
            json.WriteNumber("row", row.Row + 1);
            json.WriteReal("fit", row.Fit);
            foreach (var (name, value) in extras) json.WriteReal(name, value(row));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private ResultTable Table() => new(
    [
        new NumberColumn("row", [.. predictions.Select(row => (double?)row.Row + 1)], new DecimalsLayout(0)),
        new NumberColumn("fit", [.. predictions.Select(row => (double?)row.Fit)], new SignificantLayout()),
        .. extras.Select(extra => new NumberColumn(extra.Name, [.. predictions.Select(extra.Value)], new SignificantLayout())),
    ]);
}
