using System.Globalization;
using System.Text;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting.Pages;

/// <summary>Writes a page as a LaTeX document whose tables can be taken out of it; of figures, what can be seen in them.</summary>
internal static class LatexPage
{
    /// <summary>The file's text, for pdfLaTeX or LuaLaTeX with booktabs.</summary>
    public static string Write(Page page)
    {
        var latex = new StringBuilder();
        latex.Append("\\documentclass{article}\n\\usepackage[utf8]{inputenc}\n\\usepackage[T1]{fontenc}\n\\usepackage{textcomp}\n\\usepackage{booktabs}\n\\usepackage{longtable}\n");
        latex.Append($"\\title{{{Escape(page.Title)}}}\n\\date{{}}\n\\begin{{document}}\n\\maketitle\n");
        foreach (var sentence in page.Lead) latex.Append($"{Escape(sentence)}\n\n");
        foreach (var section in page.Sections)
        {
            latex.Append($"\\section*{{{Escape(section.Title)}}}\n");
            foreach (var block in section.Blocks) WriteBlock(latex, block);
        }

        return latex.Append("\\end{document}\n").ToString();
    }

    /// <summary>Text in which nothing means anything to LaTeX; Greek letters and signs in words it knows.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\\' => escaped.Append("\\textbackslash{}"),
                '~' => escaped.Append("\\textasciitilde{}"),
                '^' => escaped.Append("\\textasciicircum{}"),
                '|' => escaped.Append("\\textbar{}"),
                '<' => escaped.Append("\\textless{}"),
                '>' => escaped.Append("\\textgreater{}"),
                '&' or '%' or '$' or '#' or '_' or '{' or '}' => escaped.Append('\\').Append(character),
                '−' => escaped.Append("$-$"),
                '×' => escaped.Append("$\\times$"),
                '±' => escaped.Append("$\\pm$"),
                '²' => escaped.Append("\\textsuperscript{2}"),
                '–' => escaped.Append("--"),
                '…' => escaped.Append("\\dots{}"),
                'σ' => escaped.Append("$\\sigma$"),
                'β' => escaped.Append("$\\beta$"),
                '\n' or '\r' or '\t' => escaped.Append(' '),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    private static void WriteBlock(StringBuilder latex, PageBlock block)
    {
        switch (block)
        {
            case ParagraphBlock paragraph:
                latex.Append($"{Escape(paragraph.Text)}\n\n");
                break;
            case ListBlock list:
                WriteItems(latex, list.Items);
                break;
            case TableBlock table:
                WriteTable(latex, table);
                break;
            case FigureBlock { Figure: var figure }:
                latex.Append($"\\paragraph{{Figure: {Escape(figure.Title)}.}} {Escape(figure.Description)}\n\n");
                break;
            case CodeBlock code:
                latex.Append($"\\begin{{verbatim}}\n{code.Text.Replace("\\end{verbatim}", "\\end {verbatim}", StringComparison.Ordinal)}\n\\end{{verbatim}}\n");
                break;
            case FindingsBlock { Findings.Count: 0 }:
                latex.Append("Nothing was found that needs attention.\n\n");
                break;
            case FindingsBlock findings:
                WriteItems(latex, [.. findings.Findings.Select(finding => $"{FitWords.Severity(finding.Severity)}. {finding.What} {finding.Why} {finding.Try}")]);
                break;
        }
    }

    private static void WriteItems(StringBuilder latex, IReadOnlyList<string> items)
    {
        latex.Append("\\begin{itemize}\n");
        foreach (var item in items) latex.Append($"\\item {Escape(item)}\n");
        latex.Append("\\end{itemize}\n");
    }

    private static void WriteTable(StringBuilder latex, TableBlock block)
    {
        var columns = block.Table.Columns;
        var cells = columns.Select(column => column.Displayed()).ToArray();
        latex.Append($"\\begin{{longtable}}{{{string.Concat(columns.Select(column => column.Alignment == Alignment.Right ? 'r' : 'l'))}}}\n");
        latex.Append(string.Create(CultureInfo.InvariantCulture, $"\\multicolumn{{{columns.Count}}}{{l}}{{{Escape(block.Caption)}}}\\\\\n"));
        latex.Append("\\toprule\n").Append(string.Join(" & ", columns.Select(column => Escape(column.Header)))).Append(" \\\\\n\\midrule\n\\endhead\n");
        for (var row = 0; row < block.Table.RowCount; row++)
        {
            var current = row;
            latex.Append(string.Join(" & ", cells.Select(column => Escape(column[current])))).Append(" \\\\\n");
        }

        latex.Append("\\bottomrule\n\\end{longtable}\n");
    }
}
