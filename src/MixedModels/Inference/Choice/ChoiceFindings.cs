namespace MixedModels.Inference.Choice;

/// <summary>What a reader of a choice should know.</summary>
internal static class ChoiceFindings
{
    /// <summary>The findings, in the order of what was done.</summary>
    public static IReadOnlyList<Finding> List(IMixedModelFit start, IMixedModelFit chosen, IReadOnlyList<TriedModel> tried, int leftOutRows)
    {
        var findings = new List<Finding>();
        if (leftOutRows > 0) findings.Add(FewerRows(leftOutRows));
        if (!start.Convergence.Converged) findings.Add(StartNotProved(start));
        var failed = tried.Count(line => line.Decision == ChoiceDecision.Failed);
        if (failed > 0) findings.Add(Failed(failed));
        if (chosen.RandomTerms.Any(term => term.Structure == "diag" && term.ColumnNames.Count > 1)) findings.Add(DependsOnCoding());
        if (tried.Count > 1) findings.Add(AfterSelection());
        findings.AddRange(chosen.Findings);
        return findings;
    }

    private static Finding FewerRows(int rows) => new(
        "rows",
        FindingSeverity.Note,
        $"{rows} more rows than the chosen model needs are left out: an effect that was tried has no value there.",
        "Likelihoods compare only for the same rows.",
        "Fit the chosen formula by itself to use them.");

    private static Finding StartNotProved(IMixedModelFit start) => new(
        "start-not-proved",
        FindingSeverity.Warning,
        start.Convergence.Verdict == ConvergenceVerdict.NotIdentified
            ? "The data do not identify the model that the search began with: several values of its variances have the same likelihood."
            : "No optimum was proved for the model that the search began with; its likelihood may be short of the maximum, which favours leaving effects out.",
        "Every later model was compared, directly or not, with this one.",
        "Begin with a smaller model: write its random part and start from the formula (--from formula).");

    private static Finding Failed(int count) => new(
        "not-converged",
        FindingSeverity.Warning,
        $"No optimum was proved for {count} of the models tried; they were not accepted.",
        "Their likelihood may be short of the maximum.",
        "Fit one by itself and look at its findings.");

    private static Finding DependsOnCoding() => new(
        "depends-on-coding",
        FindingSeverity.Note,
        "The chosen model has effects without correlations (||).",
        "Whether effects are uncorrelated depends on the coding of factors and on where the zero of a covariate is; another coding is another model.",
        "Use a coding whose effects mean something apart (--contrasts \"a=sum\") and centred covariates, and say so in the report.");

    private static Finding AfterSelection() => new(
        "after-selection",
        FindingSeverity.Note,
        "The tests of fixed effects take the chosen random effects as if they had been given.",
        "The same data chose them. A variance that was left out wrongly makes the tests of its fixed effect too liberal.",
        "Give the audit trail with the result; where one fixed effect is the question, keep its random slope.");
}
