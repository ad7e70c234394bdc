using System.Collections;

namespace MixedModels;

/// <summary>The statistic of a test of several coefficients.</summary>
public enum TestStatistic
{
    /// <summary>F with the denominator degrees of freedom of a method.</summary>
    F,

    /// <summary>Wald's chi-square, which takes the variances as known.</summary>
    ChiSquared,
}

/// <summary>The test of one term of the fixed part.</summary>
/// <param name="Term">The term's label.</param>
/// <param name="Statistic">F, or chi-square; NaN where the term has no testable function.</param>
/// <param name="NumeratorDf">The number of independent functions tested; 0 where there is none.</param>
/// <param name="DenominatorDf">Denominator degrees of freedom; null where the statistic has none.</param>
/// <param name="PValue">Upper tail.</param>
public sealed record TermTest(string Term, double Statistic, int NumeratorDf, double? DenominatorDf, double PValue);

/// <summary>The tests of all terms of a fixed part, a row each in the formula's order. Immutable.</summary>
public sealed class TermTestTable : IReadOnlyList<TermTest>
{
    private readonly IReadOnlyList<TermTest> rows;

    internal TermTestTable(
        IReadOnlyList<TermTest> rows, AnovaType type, TestStatistic statistic, DegreesOfFreedom method, IReadOnlyList<Finding> findings) =>
        (this.rows, Type, Statistic, Method, Findings) = (rows, type, statistic, method, findings);

    /// <summary>Which hypotheses.</summary>
    public AnovaType Type { get; }

    /// <summary>Which statistic.</summary>
    public TestStatistic Statistic { get; }

    /// <summary>How denominator degrees of freedom were found; with a <see cref="Robust"/> covariance, by its own rule unless this is none.</summary>
    public DegreesOfFreedom Method { get; }

    /// <summary>The cluster-robust covariance behind the tests, its cluster named; null for the model's own.</summary>
    public RobustCovariance? Robust { get; internal init; }

    /// <summary>What there is to say, such as empty cells.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <inheritdoc/>
    public int Count => rows.Count;

    /// <inheritdoc/>
    public TermTest this[int index] => rows[index];

    /// <inheritdoc/>
    public IEnumerator<TermTest> GetEnumerator() => rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
