using System.Text.Json;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>The table of fixed effects. JSON: an array of objects as in the <c>fixed</c> part of a fit.</summary>
public sealed class CoefficientsReport : Report
{
    private readonly IReadOnlyList<Coefficient> coefficients;

    /// <summary>Reports the fixed effects of a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <exception cref="ArgumentNullException">There is no fit.</exception>
    public CoefficientsReport(LinearMixedModelFit fit)
        : this(FitFacts.Of(fit))
    {
    }

    internal CoefficientsReport(FitFacts fit) => coefficients = fit.Coefficients;

    private protected override void WriteText(TextWriter writer) => TextTable.Write(writer, FixedEffectsTable.ForReading(coefficients));

    private protected override void WriteMarkdown(TextWriter writer) => MarkdownTable.Write(writer, FixedEffectsTable.ForReading(coefficients));

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, FixedEffectsTable.ForPrograms(coefficients));

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        CoefficientJson.WriteRows(json, coefficients);
        json.WriteEndArray();
    }
}
