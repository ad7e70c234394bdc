using System.Collections;

namespace MixedModels;

/// <summary>The test of one linear hypothesis.</summary>
/// <param name="Hypothesis">The hypothesis in words.</param>
/// <param name="Estimate">The estimate of its left side, constants moved to the right.</param>
/// <param name="StandardError">The standard error of the estimate.</param>
/// <param name="DegreesOfFreedom">Degrees of freedom; null for the normal distribution.</param>
/// <param name="Statistic">Estimate less hypothesised value, over the standard error.</param>
/// <param name="PValue">Two-sided.</param>
public sealed record HypothesisTest(
    string Hypothesis, double Estimate, double StandardError, double? DegreesOfFreedom, double Statistic, double PValue);

/// <summary>The test that several linear hypotheses hold together.</summary>
/// <param name="Statistic">F.</param>
/// <param name="NumeratorDf">The number of independent hypotheses.</param>
/// <param name="DenominatorDf">Denominator degrees of freedom; null where p is from chi-square.</param>
/// <param name="PValue">Upper tail.</param>
public sealed record JointTest(double Statistic, int NumeratorDf, double? DenominatorDf, double PValue);

/// <summary>Tests of linear hypotheses, a row each, and of all together. Immutable.</summary>
public sealed class HypothesisTestTable : IReadOnlyList<HypothesisTest>
{
    private readonly IReadOnlyList<HypothesisTest> rows;

    internal HypothesisTestTable(IReadOnlyList<HypothesisTest> rows, JointTest joint, DegreesOfFreedom method, IReadOnlyList<Finding> findings) =>
        (this.rows, Joint, Method, Findings) = (rows, joint, method, findings);

    /// <summary>The test of all rows together.</summary>
    public JointTest Joint { get; }

    /// <summary>How degrees of freedom were found; with a <see cref="Robust"/> covariance, by its own rule unless this is none.</summary>
    public DegreesOfFreedom Method { get; }

    /// <summary>The cluster-robust covariance behind the tests, its cluster named; null for the model's own.</summary>
    public RobustCovariance? Robust { get; internal init; }

    /// <summary>What the method has to say about itself at this fit.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <inheritdoc/>
    public int Count => rows.Count;

    /// <inheritdoc/>
    public HypothesisTest this[int index] => rows[index];

    /// <inheritdoc/>
    public IEnumerator<HypothesisTest> GetEnumerator() => rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
