using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>Findings below a table, for a terminal and in Markdown; nothing where there are none.</summary>
internal static class FindingsText
{
    /// <summary>Writes them for a terminal.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<Finding> findings)
    {
        if (findings.Count == 0)
            return;
        writer.Write("\nFindings\n");
        foreach (var finding in findings)
        {
            WrappedText.Write(writer, $" {FitWords.Severity(finding.Severity)}: ", $"{finding.What} [{finding.Rule}]", 3);
            if (finding.Why.Length > 0)
                WrappedText.Write(writer, "   Why: ", finding.Why, 8);
            if (finding.Try.Length > 0)
                WrappedText.Write(writer, "   Try: ", finding.Try, 8);
        }
    }

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
