using System.Collections;

namespace MixedModels;

/// <summary>Contrasts of marginal means, by-group after by-group, each group adjusted for itself. Immutable.</summary>
public sealed class MeanContrastTable : IReadOnlyList<MeanContrast>
{
    private readonly IReadOnlyList<MeanContrast> rows;

    internal MeanContrastTable(MarginalMeanTable means, IReadOnlyList<MeanContrast> rows, Adjustment adjustment, double probabilityError, IReadOnlyList<Finding> findings) =>
        (Means, this.rows, Adjustment, ProbabilityError, Findings) = (means, rows, adjustment, probabilityError, findings);

    /// <summary>The means that are compared.</summary>
    public MarginalMeanTable Means { get; }

    /// <summary>What the estimates are: differences, or on the response's scale ratios.</summary>
    public ContrastKind Kind => Means.ContrastKind;

    /// <summary>How p-values and intervals are adjusted.</summary>
    public Adjustment Adjustment { get; }

    /// <summary>The largest standard error of the p-values, where they come from quasi-Monte Carlo; else 0.</summary>
    public double ProbabilityError { get; }

    /// <summary>What there is to say about the contrasts, such as one that cannot be estimated; the means have findings of their own.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <inheritdoc/>
    public int Count => rows.Count;

    /// <inheritdoc/>
    public MeanContrast this[int index] => rows[index];

    /// <inheritdoc/>
    public IEnumerator<MeanContrast> GetEnumerator() => rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
