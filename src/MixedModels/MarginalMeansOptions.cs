namespace MixedModels;

/// <summary>How the factors that marginal means are not asked for are averaged over.</summary>
public enum MeanWeights
{
    /// <summary>Every combination of their levels counts alike.</summary>
    Equal,

    /// <summary>A combination counts as often as it occurs in the rows used.</summary>
    Proportional,
}

/// <summary>What marginal means are of; by default the response at the mean of every covariate, all levels counting alike.</summary>
public sealed record MarginalMeansOptions
{
    /// <summary>Covariates held at chosen values instead of their mean; several values of one that is not asked for are averaged over.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> At { get; init; } = new Dictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal);

    /// <summary>Factors restricted to some of their levels.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Levels { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>How the other factors are averaged over.</summary>
    public MeanWeights Weights { get; init; } = MeanWeights.Equal;

    /// <summary>The covariate whose slope is wanted in the place of means.</summary>
    public string? Trend { get; init; }

    /// <summary>On which scale the means of a generalized model are given.</summary>
    public MeanScale Scale { get; init; } = MeanScale.Link;

    /// <summary>
    /// Whether standard errors of means that depend on the random effects' variances hold the uncertainty of these too, by the delta method. Of no effect on
    /// <see cref="MeanScale.Link"/> and <see cref="MeanScale.Response"/>, whose means do not depend on them.
    /// </summary>
    public bool VarianceUncertainty { get; init; }

    /// <summary>The level of intervals, between 0 and 1.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>How degrees of freedom are found; null for <see cref="LinearMixedModelOptions.DegreesOfFreedom"/>.</summary>
    public DegreesOfFreedom? DegreesOfFreedom { get; init; }

    /// <summary>A cluster-robust covariance with its own degrees of freedom, beside which only <see cref="DegreesOfFreedom.None"/> may be asked for; null for the model's.</summary>
    public RobustCovariance? Robust { get; init; }
}
