using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>The summary of a fit for a terminal, in the order in which an lme4 user looks for it.</summary>
internal static class FitText
{
    private const int LabelWidth = 9;

    /// <summary>Writes the summary.</summary>
    public static void Write(TextWriter writer, FitFacts fit)
    {
        writer.Write(PageWriter.Styled(writer, TextStyle.Heading, FitWords.Title(fit)) + "\n");
        WrappedText.Write(writer, "Formula: ", fit.Formula, LabelWidth);
        WrappedText.Write(writer, "Data:    ", FitWords.Data(fit), LabelWidth);
        writer.Write("\n" + FitWords.Criterion(fit) + "\n");
        TextTable.Write(writer, CriterionTable.Create(fit), indent: 1);
        WriteRandom(writer, fit);
        if (FitWords.Shares(fit) is { } shares)
            WrappedText.Write(writer, " ", shares, 3);
        WriteFixed(writer, fit);
        writer.Write('\n');
        WrappedText.Write(writer, "", FindingsText.Verdict(writer, fit.Convergence), 2);
        FindingsText.Write(writer, fit.Findings);
    }

    private static void WriteRandom(TextWriter writer, FitFacts fit)
    {
        if (fit.RandomTerms.Count > 0 || fit.Sigma is not null)
        {
            writer.Write($"\n{PageWriter.Styled(writer, TextStyle.Heading, fit.RandomTerms.Count == 0 ? "Residual" : "Random effects")}\n");
            TextTable.Write(writer, VarianceTable.Create(fit), indent: 1);
        }

        if (FitWords.FamilyParameters(fit) is { } parameters)
            WrappedText.Write(writer, " ", parameters, 3);
        foreach (var term in fit.RandomTerms)
        {
            if (FitWords.Structure(term) is { } words)
                WrappedText.Write(writer, " ", words, 3);
        }

        foreach (var sentence in FitWords.Residual(fit))
            WrappedText.Write(writer, " ", sentence, 3);
        foreach (var group in fit.Residual?.Groups ?? [])
        {
            if (group.Visits.Count < 2) continue;
            writer.Write($"\nResidual correlations{(group.Group.Length > 0 ? " in " + group.Group : "")}\n");
            TextTable.Write(writer, ResidualTable.Create(group), indent: 1);
        }
    }

    private static void WriteFixed(TextWriter writer, FitFacts fit)
    {
        writer.Write($"\n{PageWriter.Styled(writer, TextStyle.Heading, "Fixed effects")}{FitWords.Method(fit.Method)}\n");
        if (fit.Coefficients.Count == 0)
            writer.Write(" none\n");
        else
            TextTable.Write(writer, FixedEffectsTable.ForReading(fit.Coefficients, fit.Method), indent: 1);
        if (fit.Dispersion.Count > 0)
        {
            writer.Write("\nDispersion (logarithm of the residual standard deviation)\n");
            TextTable.Write(writer, FixedEffectsTable.ForReading(fit.Dispersion, DegreesOfFreedom.None), indent: 1);
        }

        if (FitWords.Aliased(fit) is { } aliased)
            WrappedText.Write(writer, " ", aliased, 3);
    }
}
