namespace MixedModels.Inference.Profile;

/// <summary>What a profile says beside its points.</summary>
internal static class ProfileFindings
{
    /// <summary>The fit was by the other criterion.</summary>
    public static Finding Refitted(EstimationCriterion criterion)
    {
        var (own, other) = criterion == EstimationCriterion.Reml ? ("REML", "maximum likelihood") : ("maximum likelihood", "REML");
        return new(
            "refitted",
            FindingSeverity.Note,
            $"The model was fitted by {own}; the profile is that of {other}, and the estimates here are those of a refit by it.",
            "A profile belongs to the criterion whose rise it measures.",
            "");
    }

    /// <summary>The refit has no proved optimum.</summary>
    public static Finding NotConverged() => new(
        "not-converged",
        FindingSeverity.Problem,
        "No optimum could be proved when the model was fitted again by the profile's criterion.",
        "Zeta may refer to a criterion that is not the least.",
        "Simplify the random effects.");

    /// <summary>REML has no profiles of fixed effects.</summary>
    public static Finding NoCoefficients() => new(
        "no-coefficients",
        FindingSeverity.Note,
        "Fixed effects are left out: the REML criterion does not depend on them.",
        "",
        "Profile them by maximum likelihood.");

    /// <summary>Variances are not profiled where the residual has vanished.</summary>
    public static Finding NoVariances() => new(
        "no-variances",
        FindingSeverity.Note,
        "Standard deviations and correlations are left out: the residual variance has run to zero, where the likelihood has its end.",
        "",
        "Fit without a residual variance (--dispersion \"~0\"), or take intervals from the bootstrap.");

    /// <summary>What the profiles themselves give rise to.</summary>
    public static IEnumerable<Finding> Of(IReadOnlyList<ParameterProfile> profiles)
    {
        if (profiles.Where(profile => profile.IsBetterThanTheFit).ToArray() is { Length: > 0 } better)
        {
            yield return new(
                "better-optimum",
                FindingSeverity.Problem,
                $"The profile of {Names(better)} found a lower criterion than the fit has.",
                "The fit ended at an optimum that is not the best one; its estimates and these intervals refer to the wrong place.",
                "Fit again from another start or with another --optimizer.");
        }

        if (profiles.Where(profile => double.IsNaN(profile.Estimate)).ToArray() is { Length: > 0 } undefined)
        {
            yield return new(
                "undefined-correlation",
                FindingSeverity.Note,
                $"{Names(undefined)} is not defined, because one of its effects has no variance; any correlation is as good as another.",
                "",
                "Leave the effect without variance out of the term.");
        }

        if (profiles.Where(profile => !profile.Converged).ToArray() is { Length: > 0 } unfinished)
        {
            yield return new(
                "not-converged",
                FindingSeverity.Warning,
                $"Some searches on the profile of {Names(unfinished)} ended before an optimum was reached.",
                "The interval may be too narrow.",
                "Look at its points.");
        }
    }

    private static string Names(IEnumerable<ParameterProfile> profiles) => string.Join(", ", profiles.Select(profile => profile.Name));
}
