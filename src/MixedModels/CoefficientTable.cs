using System.Collections;
using MixedModels.LinearAlgebra;

namespace MixedModels;

/// <summary>The fixed effects with the tests of one method for their degrees of freedom. Immutable.</summary>
public sealed class CoefficientTable : IReadOnlyList<Coefficient>
{
    private readonly IReadOnlyList<Coefficient> rows;

    internal CoefficientTable(
        IReadOnlyList<Coefficient> rows, DegreesOfFreedom method, Matrix covariance, IReadOnlyList<Finding> findings) =>
        (this.rows, Method, Covariance, Findings) = (rows, method, covariance, findings);

    /// <summary>How the degrees of freedom were found; with a <see cref="Robust"/> covariance, by its own rule unless this is none.</summary>
    public DegreesOfFreedom Method { get; }

    /// <summary>p×p covariance that the standard errors are of: the adjusted one under Kenward–Roger.</summary>
    public Matrix Covariance { get; }

    /// <summary>The cluster-robust covariance behind the tests, its cluster named; null for the model's own.</summary>
    public RobustCovariance? Robust { get; internal init; }

    /// <summary>What the method has to say about itself at this fit, such as a variance held at zero.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <inheritdoc/>
    public int Count => rows.Count;

    /// <inheritdoc/>
    public Coefficient this[int index] => rows[index];

    /// <inheritdoc/>
    public IEnumerator<Coefficient> GetEnumerator() => rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
