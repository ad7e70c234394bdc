using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>The summary of a fit in Markdown.</summary>
internal static class FitMarkdown
{
    /// <summary>Writes the summary.</summary>
    public static void Write(TextWriter writer, FitFacts fit)
    {
        writer.Write($"## {FitWords.Title(fit)}\n\n");
        writer.Write($"{MarkdownTable.CodeSpan(fit.Formula)}\n\n");
        WriteParagraph(writer, FitWords.Data(fit));
        WriteParagraph(writer, FitWords.Criterion(fit));
        MarkdownTable.Write(writer, CriterionTable.Create(fit));
        if (fit.RandomTerms.Count > 0 || fit.Sigma is not null)
        {
            writer.Write(fit.RandomTerms.Count == 0 ? "\n### Residual\n\n" : "\n### Random effects\n\n");
            MarkdownTable.Write(writer, VarianceTable.Create(fit));
        }

        if (FitWords.FamilyParameters(fit) is { } parameters)
            writer.Write("\n" + MarkdownTable.Escape(parameters) + "\n");
        foreach (var term in fit.RandomTerms)
        {
            if (FitWords.Structure(term) is { } words)
                writer.Write("\n" + MarkdownTable.Escape(words) + "\n");
        }

        foreach (var sentence in FitWords.Residual(fit))
            writer.Write("\n" + MarkdownTable.Escape(sentence) + "\n");
        foreach (var group in fit.Residual?.Groups ?? [])
        {
            if (group.Visits.Count < 2) continue;
            writer.Write($"\nResidual correlations{(group.Group.Length > 0 ? " in " + MarkdownTable.Escape(group.Group) : "")}\n\n");
            MarkdownTable.Write(writer, ResidualTable.Create(group));
        }

        if (FitWords.Shares(fit) is { } shares)
            writer.Write("\n" + MarkdownTable.Escape(shares) + "\n");
        writer.Write($"\n### Fixed effects{FitWords.Method(fit.Method)}\n\n");
        if (fit.Coefficients.Count == 0)
            writer.Write("none\n");
        else
            MarkdownTable.Write(writer, FixedEffectsTable.ForReading(fit.Coefficients, fit.Method));
        if (fit.Dispersion.Count > 0)
        {
            writer.Write("\n### Dispersion (logarithm of the residual standard deviation)\n\n");
            MarkdownTable.Write(writer, FixedEffectsTable.ForReading(fit.Dispersion, DegreesOfFreedom.None));
        }

        if (FitWords.Aliased(fit) is { } aliased)
            writer.Write("\n" + MarkdownTable.Escape(aliased) + "\n");
        writer.Write("\n### Convergence\n\n" + MarkdownTable.Escape(FitWords.Convergence(fit.Convergence)) + "\n");
        FindingsText.WriteMarkdown(writer, fit.Findings);
    }

    private static void WriteParagraph(TextWriter writer, string text) => writer.Write(MarkdownTable.Escape(text) + "\n\n");
}
