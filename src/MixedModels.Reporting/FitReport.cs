using System.Text.Json;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>A whole fit: a summary in text and Markdown, schema <c>mixed/fit/1</c> in JSON, every parameter a row in CSV.</summary>
public sealed class FitReport : Report
{
    private readonly FitFacts fit;
    private readonly FitTimings timings;

    /// <summary>Reports a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="timings">Where the time went, for JSON; null: not measured.</param>
    /// <exception cref="ArgumentNullException">There is no fit.</exception>
    public FitReport(IMixedModelFit fit, FitTimings? timings = null)
        : this(FitFacts.Of(fit), timings)
    {
    }

    internal FitReport(FitFacts fit, FitTimings? timings = null)
    {
        this.fit = fit;
        this.timings = timings ?? new();
    }

    private protected override void WriteText(TextWriter writer) => FitText.Write(writer, fit);

    private protected override void WriteMarkdown(TextWriter writer) => FitMarkdown.Write(writer, fit);

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, ParameterTable.Create(fit));

    private protected override void WriteJson(Utf8JsonWriter json) => FitJson.Write(json, fit, timings);
}
