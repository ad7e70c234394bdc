using System.Collections;

namespace MixedModels;

/// <summary>An interval for one parameter.</summary>
/// <param name="Parameter">Its name: a fixed effect's, or <c>sd[group].effect</c>, <c>cor[group].effect.effect</c>, <c>sigma</c>.</param>
/// <param name="Estimate">The estimate.</param>
/// <param name="Lower">The lower end; NaN where none can be found.</param>
/// <param name="Upper">The upper end; NaN where none can be found.</param>
public sealed record ConfidenceInterval(string Parameter, double Estimate, double Lower, double Upper);

/// <summary>Confidence intervals of one level, a row a parameter. Immutable.</summary>
public sealed class ConfidenceIntervalTable : IReadOnlyList<ConfidenceInterval>
{
    private readonly IReadOnlyList<ConfidenceInterval> rows;

    internal ConfidenceIntervalTable(IReadOnlyList<ConfidenceInterval> rows, double level, DegreesOfFreedom method, IReadOnlyList<Finding> findings) =>
        (this.rows, Level, Method, Findings) = (rows, level, method, findings);

    /// <summary>The level, between 0 and 1.</summary>
    public double Level { get; }

    /// <summary>How the degrees of freedom of the quantiles were found; with a <see cref="Robust"/> covariance, by its own rule unless this is none.</summary>
    public DegreesOfFreedom Method { get; }

    /// <summary>The cluster-robust covariance behind the tests, its cluster named; null for the model's own.</summary>
    public RobustCovariance? Robust { get; internal init; }

    /// <summary>What the method has to say about itself at this fit.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <inheritdoc/>
    public int Count => rows.Count;

    /// <inheritdoc/>
    public ConfidenceInterval this[int index] => rows[index];

    /// <inheritdoc/>
    public IEnumerator<ConfidenceInterval> GetEnumerator() => rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
