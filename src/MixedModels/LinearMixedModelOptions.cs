using MixedModels.Design;

namespace MixedModels;

/// <summary>How a <see cref="LinearMixedModel"/> is fitted; the defaults work.</summary>
public sealed record LinearMixedModelOptions
{
    /// <summary>The criterion; restricted maximum likelihood by default.</summary>
    public EstimationCriterion Criterion { get; init; } = EstimationCriterion.Reml;

    /// <summary>How the optimum is searched for.</summary>
    public OptimizationMethod Optimizer { get; init; } = OptimizationMethod.Newton;

    /// <summary>The most threads to use, at least 1; null for one a processor. The results are the same bits for any number.</summary>
    public int? Threads { get; init; }

    /// <summary>How tests of fixed effects find their degrees of freedom where they are not told.</summary>
    public DegreesOfFreedom DegreesOfFreedom { get; init; } = DegreesOfFreedom.Satterthwaite;

    /// <summary>
    /// Whether rows have a residual variance beside the random effects. False (<c>--dispersion "~0"</c>): all variance is in the random terms, which
    /// must then give every row some of its own.
    /// </summary>
    public bool HasResidual { get; init; } = true;

    /// <summary>The covariance of residuals within a subject, such as <c>"ar1(week | patient)"</c>; null for independent ones.</summary>
    public Residual? Residual { get; init; }

    /// <summary>Variance functions of the residual standard deviation, such as <c>"power(x)"</c>; null for one standard deviation.</summary>
    public VarianceFunctions? Variance { get; init; }

    /// <summary>
    /// A model of the residual standard deviation, such as <c>"~ x + f"</c>: its logarithm is linear in these columns, the intercept being that of sigma.
    /// Null for one standard deviation. It is the product of variance functions <c>exp</c>, one a column.
    /// </summary>
    public string? Dispersion { get; init; }

    /// <summary>The column of precision weights: a row's residual variance is sigma² over its weight. Null: all 1.</summary>
    public string? Weights { get; init; }

    /// <summary>Offsets beside those of the formula: column names or expressions, summed.</summary>
    public IReadOnlyList<string> Offsets { get; init; } = [];

    /// <summary>
    /// Columns that the fit and its file keep though the formula does not use them, for clusters named later. They cost no row and are no terms of <c>.</c>. Empty: a fit keeps what its
    /// formula uses, and nothing else of the data is in its file.
    /// </summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>Contrast codings by factor name; without one, treatment contrasts, and polynomial ones for ordered factors.</summary>
    public IReadOnlyDictionary<string, ContrastCoding> Contrasts { get; init; } = new Dictionary<string, ContrastCoding>(StringComparer.Ordinal);
}
