using System.Globalization;
using System.Text.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>
/// What was fitted: the algebra, the blocks and what they cost, the findings, the same model in C#, R and Julia.
/// JSON: <c>{ "algebra", "blocks": […], "bytes", "operations", "findings": […], "code": { "csharp", "r", "julia" } }</c>.
/// </summary>
public sealed class ExplanationReport : Report
{
    private readonly ModelExplanation explanation;
    private readonly IReadOnlyList<Finding> findings;

    /// <summary>Explains a fit.</summary>
    /// <exception cref="ArgumentNullException">There is no fit.</exception>
    public ExplanationReport(IMixedModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        (explanation, findings) = (fit.Explain(), fit.Findings);
    }

    private protected override void WriteText(TextWriter writer)
    {
        writer.Write("Model\n");
        foreach (var line in explanation.Algebra) WrappedText.Write(writer, "  ", line, 4);
        if (explanation.Blocks.Count > 0)
        {
            writer.Write("\nBlocks, in the order in which they are eliminated\n");
            TextTable.Write(writer, Table());
            writer.Write($"{Amount(explanation.Bytes)} bytes, about {Amount(explanation.Operations)} operations an evaluation with derivatives\n");
        }

        if (findings.Count > 0) writer.Write("\nFindings\n");
        foreach (var finding in findings) WrappedText.Write(writer, "  ", $"{finding.What} {finding.Try}", 4);
        writer.Write($"\nThe same model\n  C#     {explanation.CSharp}\n  R      {explanation.R}\n  Julia  {explanation.Julia}\n");
    }

    private protected override void WriteMarkdown(TextWriter writer)
    {
        foreach (var line in explanation.Algebra) writer.Write($"- {line}\n");
        if (explanation.Blocks.Count > 0)
        {
            writer.Write("\n");
            MarkdownTable.Write(writer, Table());
        }

        if (findings.Count > 0) writer.Write("\n");
        foreach (var finding in findings) writer.Write($"- {finding.What} {finding.Try}\n");
        writer.Write($"\n```csharp\n{explanation.CSharp}\n```\n\n```r\n{explanation.R}\n```\n\n```julia\n{explanation.Julia}\n```\n");
    }

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, Table());

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("algebra", string.Join('\n', explanation.Algebra));
        json.WriteStartArray("blocks");
        foreach (var block in explanation.Blocks)
        {
            json.WriteStartObject();
            json.WriteString("name", block.Name);
            json.WriteNumber("rows", block.Rows);
            json.WriteNumber("columns", block.Columns);
            json.WriteString("storage", block.Storage);
            json.WriteNumber("bytes", block.Bytes);
            json.WriteNumber("operations", block.Operations);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("bytes", explanation.Bytes);
        json.WriteNumber("operations", explanation.Operations);
        json.WriteStartArray("findings");
        foreach (var finding in findings) json.WriteStringValue(finding.What);
        json.WriteEndArray();
        json.WriteStartObject("code");
        json.WriteString("csharp", explanation.CSharp);
        json.WriteString("r", explanation.R);
        json.WriteString("julia", explanation.Julia);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Amount(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private ResultTable Table() => new(
    [
        new TextColumn("Block", [.. explanation.Blocks.Select(block => block.Name)]),
        new TextColumn("Rows", [.. explanation.Blocks.Select(block => Amount(block.Rows))]),
        new TextColumn("Columns", [.. explanation.Blocks.Select(block => Amount(block.Columns))]),
        new TextColumn("Storage", [.. explanation.Blocks.Select(block => block.Storage)]),
        new TextColumn("Bytes", [.. explanation.Blocks.Select(block => Amount(block.Bytes))]),
        new TextColumn("Operations", [.. explanation.Blocks.Select(block => Amount(block.Operations))]),
    ]);
}
