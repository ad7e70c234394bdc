using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>Findings below a table, for a terminal and in Markdown; nothing where there are none.</summary>
internal static class FindingsText
{
    /// <summary>The verdict on an optimum for a terminal, coloured by what it means.</summary>
    public static string Verdict(TextWriter writer, ConvergenceReport convergence)
    {
        var style = convergence.Verdict switch
        {
            ConvergenceVerdict.Converged => TextStyle.Good,
            ConvergenceVerdict.Boundary => TextStyle.Warning,
            _ => TextStyle.Problem,
        };
        var text = FitWords.Convergence(convergence);
        var end = text.IndexOf('.', StringComparison.Ordinal);
        return PageWriter.Styled(writer, style, text[..end]) + text[end..];
    }

    /// <summary>Writes them for a terminal.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
            return;
        writer.Write($"\n{PageWriter.Styled(writer, TextStyle.Heading, "Findings")}\n");
        foreach (var finding in findings)
        {
            WrappedText.Write(writer, $" {PageWriter.Styled(writer, Style(finding.Severity), FitWords.Severity(finding.Severity))}: ", $"{finding.What} [{finding.Rule}]", 3);
            if (finding.Why.Length > 0)
                WrappedText.Write(writer, "   Why: ", finding.Why, 8);
            if (finding.Try.Length > 0)
                WrappedText.Write(writer, "   Try: ", finding.Try, 8);
        }
    }

    private static TextStyle Style(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Note => TextStyle.Note,
        FindingSeverity.Warning => TextStyle.Warning,
        _ => TextStyle.Problem,
    };

    /// <summary>Writes them in Markdown.</summary>
    public static void WriteMarkdown(TextWriter writer, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
            return;
        writer.Write("\n### Findings\n\n");
        WriteMarkdownItems(writer, findings);
    }

    /// <summary>Writes them in Markdown, a point each, without a heading.</summary>
    public static void WriteMarkdownItems(TextWriter writer, IReadOnlyList<Finding> findings)
    {
        foreach (var finding in findings)
        {
            var sentences = string.Join(' ', new[] { finding.What, finding.Why, finding.Try }.Where(text => text.Length > 0));
            writer.Write($"- **{FitWords.Severity(finding.Severity)}** {MarkdownTable.Escape(sentences)} ({MarkdownTable.CodeSpan(finding.Rule)})\n");
        }
    }
}
