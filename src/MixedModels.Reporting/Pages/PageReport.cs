using System.Text.Json;

namespace MixedModels.Reporting.Pages;

/// <summary>A page among the reports, for the formats they share.</summary>
internal sealed class PageReport(Page page) : Report
{
    private protected override void WriteText(TextWriter writer) => writer.Write(MarkdownPage.Write(page));

    private protected override void WriteMarkdown(TextWriter writer) => writer.Write(MarkdownPage.Write(page));

    private protected override void WriteCsv(TextWriter writer) => throw new NotSupportedException("A page is no single table.");

    private protected override void WriteJson(Utf8JsonWriter json) => JsonPage.Write(json, page);
}
