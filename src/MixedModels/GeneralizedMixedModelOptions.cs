using MixedModels.Design;

namespace MixedModels;

/// <summary>How a <see cref="GeneralizedMixedModel"/> is fitted; the defaults work.</summary>
public sealed record GeneralizedMixedModelOptions
{
    /// <summary>The most quadrature points a dimension.</summary>
    public const int MostQuadraturePoints = 100;

    /// <summary>
    /// The quadrature points a dimension of the random effects: 1 is Laplace's approximation. 0 is faster and cruder than that: fixed effects are
    /// taken at the joint mode with the random effects instead of maximising the likelihood, as <c>nAGQ = 0</c> of lme4.
    /// </summary>
    public int Quadrature { get; init; } = 1;

    /// <summary>
    /// What is maximised: the likelihood, or, with one point, the restricted likelihood, which integrates the fixed effects out too and so frees
    /// variances of their degrees of freedom.
    /// </summary>
    public EstimationCriterion Criterion { get; init; } = EstimationCriterion.MaximumLikelihood;

    /// <summary>The most threads to use, at least 1; null for one a processor. The results are the same bits for any number.</summary>
    public int? Threads { get; init; }

    /// <summary>
    /// The column of prior weights: the dispersion is divided by them, or, in a family without dispersion, the log-density multiplied; the
    /// trials of a binomial proportion. Null: all 1.
    /// </summary>
    public string? Weights { get; init; }

    /// <summary>The column of trials of a binomial count of successes; null where the response says it.</summary>
    public string? Trials { get; init; }

    /// <summary>The column that says how many identical rows a row stands for; its log-density is multiplied. Null: one.</summary>
    public string? Frequency { get; init; }

    /// <summary>Offsets beside those of the formula: column names or expressions, summed, on the scale of the linear predictor.</summary>
    public IReadOnlyList<string> Offsets { get; init; } = [];

    /// <summary>Columns that the fit and its file keep though the formula does not use them, for clusters named later; as <see cref="LinearMixedModelOptions.Keep"/>.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Contrast codings by factor name; without one, treatment contrasts, and polynomial ones for ordered factors.</summary>
    public IReadOnlyDictionary<string, ContrastCoding> Contrasts { get; init; } = new Dictionary<string, ContrastCoding>(StringComparer.Ordinal);
}
