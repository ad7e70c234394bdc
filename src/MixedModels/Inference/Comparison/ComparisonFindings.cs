namespace MixedModels.Inference.Comparison;

/// <summary>What a comparison says beside its table.</summary>
internal static class ComparisonFindings
{
    /// <summary>REML fits were fitted again.</summary>
    public static Finding Refitted(IReadOnlyList<LinearMixedModelFit> fits) => new(
        "refitted",
        FindingSeverity.Note,
        $"{fits.Count(fit => fit.Criterion == EstimationCriterion.Reml)} of {fits.Count} models were fitted by REML and are fitted again by maximum likelihood here.",
        "Likelihoods of different fixed parts compare only under maximum likelihood.",
        "");

    /// <summary>A model's optimum is not proved.</summary>
    public static Finding NotConverged(int row) => new(
        "not-converged",
        FindingSeverity.Problem,
        $"No optimum was proved for the model in row {row}.",
        "Its likelihood may be short of the maximum, and the tests beside it wrong.",
        "Look at 'mixed explain' of that model.");

    /// <summary>Models of different families or links, which are not special cases of each other.</summary>
    public static Finding OtherFamily(int smallNumber, string small, string large) => new(
        "other-family",
        FindingSeverity.Note,
        FormattableString.Invariant($"Models {smallNumber} and {smallNumber + 1} are of different families or links ({small} and {large}), so there is no likelihood-ratio test between them."),
        "A likelihood ratio has a chi-square distribution where the smaller model is a special case inside the larger one.",
        "Compare their information criteria: all constants are in the log-likelihoods.");

    /// <summary>The means are not nested: there is no likelihood-ratio test.</summary>
    public static Finding NotNested(int row) => new(
        "not-nested",
        FindingSeverity.Warning,
        $"The fixed part of the model in row {row} is no special case of the one below it.",
        "The likelihood ratio of such models has no chi-square distribution, so none is given.",
        "Compare them by AIC or BIC.");

    /// <summary>Nothing shows that the random parts are nested.</summary>
    public static Finding NotShownNested(int row) => new(
        "not-shown-nested",
        FindingSeverity.Warning,
        $"The random or residual part of the model in row {row} was not shown to be nested in the one below it.",
        "The p-value holds only if it is a special case of it.",
        "Look whether every random term above is within one below (same groups, columns that the other term's columns make up, the same weights), and the residual structure within the other (same subjects and visits); else compare by AIC or BIC.");

    /// <summary>Two models have as many parameters.</summary>
    public static Finding SameSize(int row) => new(
        "same-size",
        FindingSeverity.Note,
        $"The models in rows {row} and {row + 1} have equally many parameters; there is no test between them.",
        "",
        "");

    /// <summary>The larger model fits worse.</summary>
    public static Finding LargerIsWorse(int row, double chiSquare) => new(
        "larger-is-worse",
        FindingSeverity.Problem,
        FormattableString.Invariant($"The model in row {row + 1} contains the one above it and has a lower likelihood (chi-square {chiSquare:G3})."),
        "One of the two searches ended at a point that is not the maximum.",
        "Fit the larger model with --start from the smaller one's estimates, or by another --optimizer.");

    /// <summary>The smaller model has no nugget.</summary>
    public static Finding Nugget(int row) => new(
        "boundary",
        FindingSeverity.Note,
        $"The model in row {row + 1} has a nugget that the one above it has not; its value there, 0, is on the boundary. The first p-value takes chi-square with df and is too large; the second takes its half-and-half mixture with df − 1.",
        "A nugget can only be 0 or more.",
        "");

    /// <summary>The smaller model has a variance of 0 where the larger has a free one.</summary>
    public static Finding Boundary(int row, int addedEffects, bool smallIsSingular)
    {
        var what = addedEffects == 1
            ? $"The model in row {row + 1} has one random effect more than the one above it; its variance of 0 is on the boundary. "
                + "The first p-value takes chi-square with df and is too large; the second takes its half-and-half mixture with df − 1."
            : $"The model in row {row + 1} has {addedEffects} random effects more than the one above it; variances of 0 are on the boundary. "
                + "The p-value takes chi-square with df and is too large; the weights of the right mixture depend on the design.";
        var attempt = addedEffects == 1 ? "" : "Add the effects one at a time, or simulate from the smaller model and fit both to each draw.";
        return smallIsSingular
            ? new("boundary", FindingSeverity.Warning, what + " The smaller model is itself singular, which the mixture does not allow for.", Why, "Leave the effect without variance out of both models.")
            : new("boundary", FindingSeverity.Note, what, Why, attempt);
    }

    private const string Why = "A variance can only be 0 or more: where it is 0, its estimate is 0 about every other time, and the likelihood ratio then has fewer degrees of freedom.";
}
