namespace MixedModels;

/// <summary>How a <see cref="LikelihoodProfile"/> is made; the defaults work.</summary>
public sealed record ProfileOptions
{
    /// <summary>The criterion that is profiled, maximum likelihood by default; a fit by the other one is fitted again for it.</summary>
    public EstimationCriterion Criterion { get; init; } = EstimationCriterion.MaximumLikelihood;

    /// <summary>The largest level intervals will be asked for, in (0, 1); profiles are followed to its ends.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>The parameters to profile, by name; null for all.</summary>
    public IReadOnlyList<string>? Parameters { get; init; }
}
