using System.Text.Json;
using MixedModels.Reporting.Json;

namespace MixedModels.Reporting.Pages;

/// <summary>
/// Writes a page as JSON: <c>{ "title", "lead": […], "sections": [ { "title", "blocks": [ { "kind", … } ] } ] }</c>; tables as columns of exact text,
/// figures with their SVG.
/// </summary>
internal static class JsonPage
{
    /// <summary>Writes the page.</summary>
    public static void Write(Utf8JsonWriter json, Page page)
    {
        json.WriteStartObject();
        json.WriteString("title", page.Title);
        json.WriteStrings("lead", page.Lead);
        json.WriteStartArray("sections");
        foreach (var section in page.Sections)
        {
            json.WriteStartObject();
            json.WriteString("title", section.Title);
            json.WriteStartArray("blocks");
            foreach (var block in section.Blocks) WriteBlock(json, block);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteBlock(Utf8JsonWriter json, PageBlock block)
    {
        json.WriteStartObject();
        switch (block)
        {
            case ParagraphBlock paragraph:
                json.WriteString("kind", "paragraph");
                json.WriteString("text", paragraph.Text);
                break;
            case ListBlock list:
                json.WriteString("kind", "list");
                json.WriteStrings("items", list.Items);
                break;
            case TableBlock table:
                WriteTable(json, table);
                break;
            case FigureBlock { Figure: var figure }:
                json.WriteString("kind", "figure");
                json.WriteString("plot", figure.Name);
                json.WriteString("title", figure.Title);
                json.WriteString("description", figure.Description);
                json.WriteString("svg", figure.ToSvg());
                break;
            case CodeBlock code:
                json.WriteString("kind", "code");
                json.WriteString("language", code.Language);
                json.WriteString("text", code.Text);
                break;
            case FindingsBlock findings:
                json.WriteString("kind", "findings");
                json.WritePropertyName("findings");
                FindingsJson.Write(json, findings.Findings);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteTable(Utf8JsonWriter json, TableBlock block)
    {
        json.WriteString("kind", "table");
        json.WriteString("caption", block.Caption);
        json.WriteStartArray("columns");
        foreach (var column in block.Table.Columns)
        {
            json.WriteStartObject();
            json.WriteString("header", column.Header);
            json.WriteStrings("cells", Enumerable.Range(0, column.Length).Select(column.Exact));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
