namespace MixedModels.Design;

/// <summary>What a design takes besides the formula; the defaults work.</summary>
public sealed record DesignOptions
{
    /// <summary>The column of prior weights, positive and finite; null: every row weighs 1.</summary>
    public string? Weights { get; init; }

    /// <summary>Offsets beside those of the formula: columns or expressions of columns, all summed.</summary>
    public IReadOnlyList<string> Offsets { get; init; } = [];

    /// <summary>
    /// Codings of factors by the factor's name in the formula, where not the default: treatment, or polynomial for ordered factors.
    /// </summary>
    public IReadOnlyDictionary<string, ContrastCoding> Contrasts { get; init; } = new Dictionary<string, ContrastCoding>(StringComparer.Ordinal);

    /// <summary>Columns that <see cref="ModelDesign.Data"/> keeps though the formula does not use them; they cost no row and are no terms of <c>.</c>.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>The residual covariance structure; null for independent residuals.</summary>
    internal Formula.ResidualClause? Residual { get; init; }

    /// <summary>The variance functions; null for one residual variance.</summary>
    internal Formula.VarianceClause? Variance { get; init; }

    /// <summary>The model of the residual standard deviation's logarithm; null for one standard deviation.</summary>
    internal Formula.DispersionClause? Dispersion { get; init; }

    /// <summary>
    /// Whether the response is a number of successes out of trials: <c>cbind(successes, failures)</c>, a two-level factor whose first level is
    /// failure, a count with <see cref="Trials"/>, a proportion with <see cref="Weights"/>, or 0 and 1.
    /// </summary>
    public bool HasTrials { get; init; }

    /// <summary>The column of trials of a count of successes; null where the response says it.</summary>
    public string? Trials { get; init; }

    /// <summary>The column that says how many identical rows a row stands for; null: one.</summary>
    public string? Frequency { get; init; }

    /// <summary>
    /// Whether every row has a residual whose variance is estimated; a random term with as many effects as rows is then refused,
    /// since it and the residual cannot be told apart.
    /// </summary>
    public bool HasFreeResidual { get; init; } = true;

    /// <summary>Whether the response's column must be there; a design to simulate from has none yet.</summary>
    internal bool NeedsResponse { get; init; } = true;
}
