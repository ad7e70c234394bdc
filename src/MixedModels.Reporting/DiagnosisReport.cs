using System.Text.Json;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>What a diagnosis found, worst first. JSON: <c>[ { "rule", "severity", "what", "why", "try" } ]</c>.</summary>
public sealed class DiagnosisReport : Report
{
    private readonly IReadOnlyList<Finding> findings;
    private readonly ConvergenceReport convergence;

    /// <summary>Reports findings.</summary>
    /// <param name="findings">The findings, such as <see cref="ModelDiagnosis.Diagnose(IMixedModelFit, DiagnosisOptions?, CancellationToken)"/> gives; may be empty.</param>
    /// <param name="convergence">The verdict on the optimum.</param>
    /// <exception cref="ArgumentNullException">There is no list or no verdict.</exception>
    public DiagnosisReport(IReadOnlyList<Finding> findings, ConvergenceReport convergence)
    {
        ArgumentNullException.ThrowIfNull(findings);
        ArgumentNullException.ThrowIfNull(convergence);
        (this.findings, this.convergence) = (findings, convergence);
    }

    private protected override void WriteText(TextWriter writer)
    {
        WrappedText.Write(writer, "", FindingsText.Verdict(writer, convergence), 2);
        if (findings.Count == 0) writer.Write("\nNothing was found that needs attention.\n");
        FindingsText.Write(writer, findings);
    }

    private protected override void WriteMarkdown(TextWriter writer)
    {
        writer.Write($"### Diagnosis\n\n{MarkdownTable.Escape(FitWords.Convergence(convergence))}\n");
        if (findings.Count == 0) writer.Write("\nNothing was found that needs attention.\n");
        FindingsText.WriteMarkdown(writer, findings);
    }

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, new(
    [
        Column("rule", finding => finding.Rule),
        Column("severity", finding => FitWords.Severity(finding.Severity).ToLowerInvariant()),
        Column("what", finding => finding.What),
        Column("why", finding => finding.Why),
        Column("try", finding => finding.Try),
    ]));

    private protected override void WriteJson(Utf8JsonWriter json) => FindingsJson.Write(json, findings);

    private TextColumn Column(string header, Func<Finding, string> cell) => new(header, [.. findings.Select(cell)]);
}
