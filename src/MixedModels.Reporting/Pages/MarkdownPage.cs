using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting.Pages;

/// <summary>Writes a page in Markdown; of figures, what can be seen in them.</summary>
internal static class MarkdownPage
{
    /// <summary>The file's text.</summary>
    public static string Write(Page page)
    {
        using var writer = new StringWriter();
        writer.Write($"# {MarkdownTable.Escape(page.Title)}\n\n");
        foreach (var sentence in page.Lead) writer.Write($"{MarkdownTable.Escape(sentence)}\n\n");
        foreach (var section in page.Sections)
        {
            writer.Write($"## {MarkdownTable.Escape(section.Title)}\n\n");
            foreach (var block in section.Blocks) WriteBlock(writer, block);
        }

        return writer.ToString().TrimEnd('\n') + "\n";
    }

    private static void WriteBlock(StringWriter writer, PageBlock block)
    {
        switch (block)
        {
            case ParagraphBlock paragraph:
                writer.Write($"{MarkdownTable.Escape(paragraph.Text)}\n\n");
                break;
            case ListBlock list:
                foreach (var item in list.Items) writer.Write($"- {MarkdownTable.Escape(item)}\n");
                writer.Write('\n');
                break;
            case TableBlock table:
                writer.Write($"**{MarkdownTable.Escape(table.Caption)}**\n\n");
                MarkdownTable.Write(writer, table.Table);
                writer.Write('\n');
                break;
            case FigureBlock { Figure: var figure }:
                writer.Write($"**Figure: {MarkdownTable.Escape(figure.Title)}.** {MarkdownTable.Escape(figure.Description)}\n\n");
                break;
            case CodeBlock code:
                writer.Write($"```{code.Language}\n{code.Text}\n```\n\n");
                break;
            case FindingsBlock { Findings.Count: 0 }:
                writer.Write("Nothing was found that needs attention.\n\n");
                break;
            case FindingsBlock findings:
                FindingsText.WriteMarkdownItems(writer, findings.Findings);
                writer.Write('\n');
                break;
        }
    }
}
