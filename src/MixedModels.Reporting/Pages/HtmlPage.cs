using System.Text;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting.Pages;

/// <summary>Writes a page as one HTML file that needs nothing else: no script, no font, no request.</summary>
internal static class HtmlPage
{
    // The policy makes the promise checkable: a browser refuses whatever the file might ask for.
    private const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    /// <summary>Pixels above which a figure has a printed page of its own; lower ones share one.</summary>
    private const double TallFigure = 560;

    /// <summary>The file's text, UTF-8, lines ended by <c>\n</c>.</summary>
    public static string Write(Page page)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.Append($"<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy}\">\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n");
        html.Append($"<title>{Escape(page.Title)}</title>\n<style>\n{PageStyle.Rules}\n{FigureStyle.Rules(FigureTheme.Auto)}\n</style>\n</head>\n<body>\n");
        html.Append("<a class=\"skip\" href=\"#main\">Skip to the results</a>\n<header>\n");
        html.Append($"<h1>{Escape(page.Title)}</h1>\n");
        foreach (var sentence in page.Lead) html.Append($"<p class=\"lead\">{Escape(sentence)}</p>\n");
        html.Append("</header>\n<nav aria-label=\"Sections\"><ul>\n");
        foreach (var section in page.Sections) html.Append($"<li><a href=\"#{Anchor(section.Title)}\">{Escape(section.Title)}</a></li>\n");
        html.Append("</ul></nav>\n<main id=\"main\" tabindex=\"-1\">\n");
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var section in page.Sections)
        {
            html.Append($"<section aria-labelledby=\"{Anchor(section.Title)}\">\n<h2 id=\"{Anchor(section.Title)}\">{Escape(section.Title)}</h2>\n");
            foreach (var block in section.Blocks) WriteBlock(html, block, names);
            html.Append("</section>\n");
        }

        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void WriteBlock(StringBuilder html, PageBlock block, Dictionary<string, int> names)
    {
        switch (block)
        {
            case ParagraphBlock paragraph:
                html.Append($"<p>{Escape(paragraph.Text)}</p>\n");
                break;
            case ListBlock list:
                html.Append("<ul>\n");
                foreach (var item in list.Items) html.Append($"<li>{Escape(item)}</li>\n");
                html.Append("</ul>\n");
                break;
            case TableBlock table:
                WriteTable(html, table, names);
                break;
            case FigureBlock { Figure: var figure }:
                html.Append($"<figure id=\"{Escape(Identifier(figure.Name, names))}\"{(figure.Height > TallFigure ? " class=\"tall\"" : "")}>\n<h3>{Escape(figure.Title)}</h3>\n{figure.ToElement()}");
                html.Append($"<figcaption>{Escape(figure.Caption)} <span class=\"seen\">{Escape(figure.Description)}</span></figcaption>\n</figure>\n");
                break;
            case CodeBlock code:
                html.Append($"<pre tabindex=\"0\" aria-label=\"{Escape(code.Language)}\"><code>{EscapeLines(code.Text)}</code></pre>\n");
                break;
            case FindingsBlock findings:
                WriteFindings(html, findings.Findings);
                break;
        }
    }

    /// <summary>The name of a figure, numbered from its second one on: an identifier stands once on a page.</summary>
    private static string Identifier(string name, Dictionary<string, int> names)
    {
        var count = names[name] = names.GetValueOrDefault(name) + 1;
        return count == 1 ? name : FormattableString.Invariant($"{name}-{count}");
    }

    private static void WriteTable(StringBuilder html, TableBlock block, Dictionary<string, int> names)
    {
        var columns = block.Table.Columns;
        var cells = columns.Select(column => column.Displayed()).ToArray();

        // Beside the table and not in it: a caption of its own would be no wider than a narrow table.
        var identifier = Identifier("table", names);
        html.Append($"<p class=\"caption\" id=\"{identifier}\">{Escape(block.Caption)}</p>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{identifier}\">\n<table aria-labelledby=\"{identifier}\">\n<thead><tr>");
        foreach (var column in columns) html.Append($"<th scope=\"col\"{Side(column)}>{Escape(column.Header)}</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        for (var row = 0; row < block.Table.RowCount; row++)
        {
            html.Append("<tr>");
            for (var column = 0; column < columns.Count; column++)
            {
                var element = column == 0 ? "th scope=\"row\"" : "td";
                html.Append($"<{element}{Side(columns[column])}>{Escape(cells[column][row])}</{element.Split(' ')[0]}>");
            }

            html.Append("</tr>\n");
        }

        html.Append("</tbody>\n</table>\n</div>\n");
    }

    private static void WriteFindings(StringBuilder html, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
        {
            html.Append("<p>Nothing was found that needs attention.</p>\n");
            return;
        }

        html.Append("<ul class=\"findings\">\n");
        foreach (var finding in findings)
        {
            var severity = FitWords.Severity(finding.Severity);
            html.Append($"<li class=\"{severity.ToLowerInvariant()}\"><strong>{severity}.</strong> {Escape(finding.What)}");
            if (finding.Why.Length > 0) html.Append($"<br><span class=\"label\">Why it matters.</span> {Escape(finding.Why)}");
            if (finding.Try.Length > 0) html.Append($"<br><span class=\"label\">What to try.</span> {Escape(finding.Try)}");
            html.Append($" <code>{Escape(finding.Rule)}</code></li>\n");
        }

        html.Append("</ul>\n");
    }

    private static string Side(ResultColumn column) => column.Alignment == Alignment.Right ? " class=\"n\"" : "";

    private static string Anchor(string title) => string.Concat(title.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));

    private static string EscapeLines(string text) => string.Join('\n', text.Split('\n').Select(Escape));

    private static string Escape(string text) => SvgWriter.Escape(text);
}
