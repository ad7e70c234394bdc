using System.Text.Json;
using MixedModels.LinearAlgebra;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>The covariance of the fixed effects, rows and columns in their order. JSON: <c>{ "names", "values" }</c>.</summary>
public sealed class CovarianceReport : Report
{
    private readonly string[] names;
    private readonly Matrix covariance;

    /// <summary>Reports the p×p covariance of a fit's fixed effects.</summary>
    /// <param name="fit">The fit.</param>
    /// <exception cref="ArgumentNullException">There is no fit.</exception>
    public CovarianceReport(IMixedModelFit fit)
        : this(FitFacts.Of(fit))
    {
    }

    internal CovarianceReport(FitFacts fit)
    {
        names = [.. fit.Coefficients.Select(row => row.Name)];
        covariance = fit.CoefficientCovariance;
    }

    private protected override void WriteText(TextWriter writer) => TextTable.Write(writer, Table(""));

    private protected override void WriteMarkdown(TextWriter writer) => MarkdownTable.Write(writer, Table(""));

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, Table("name"));

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStrings("names", names);
        json.WriteMatrix("values", covariance);
        json.WriteEndObject();
    }

    private ResultTable Table(string nameHeader)
    {
        var columns = new List<ResultColumn> { new TextColumn(nameHeader, names) };
        for (var column = 0; column < names.Length; column++)
        {
            var current = column;
            columns.Add(new NumberColumn(names[column], [.. names.Select((_, row) => (double?)covariance[row, current])], new SignificantLayout()));
        }

        return new(columns);
    }
}
