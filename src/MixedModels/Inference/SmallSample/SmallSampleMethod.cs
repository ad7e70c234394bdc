using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.SmallSample;

/// <summary>
/// One way to find denominator degrees of freedom, at one fit. A method is a file: its covariance of the estimates, its degrees of
/// freedom for one function and for several, and what it has to say. Immutable after construction.
/// </summary>
internal abstract class SmallSampleMethod
{
    protected SmallSampleMethod(IFittedEffects fit) => Fit = fit;

    /// <summary>The fit.</summary>
    public IFittedEffects Fit { get; }

    /// <summary>The cluster-robust covariance it rests on; null for the model's own.</summary>
    public virtual RobustCovariance? Robust => null;

    /// <summary>What the method has to say about itself at this fit.</summary>
    public virtual IReadOnlyList<Finding> Findings => [];

    /// <summary>c'Cov(beta)c of one function.</summary>
    public virtual double Variance(ContrastRows c) => Fit.CoordinateVariance * Vectors.SumOfSquares(c.Delta(0));

    /// <summary>Denominator degrees of freedom of one function; infinite for the normal distribution, NaN where none can be found.</summary>
    public abstract double Df(ContrastRows c);

    /// <summary>The joint test that independent functions have the given values.</summary>
    public virtual FTest Joint(ContrastRows L, ReadOnlySpan<double> values)
    {
        var S = Covariance(L);
        return new(WaldStatistic(L, values, S), L.Count, JointDf(L, S));
    }

    /// <summary>L Cov(beta) L'.</summary>
    public virtual double[] Covariance(ContrastRows L)
    {
        var S = new double[L.Count * L.Count];
        for (var j = 0; j < L.Count; j++)
        {
            for (var i = 0; i < L.Count; i++) S[i + (j * L.Count)] = Fit.CoordinateVariance * Vectors.Dot(L.Delta(i), L.Delta(j));
        }

        return S;
    }

    /// <summary>Denominator degrees of freedom of several functions with covariance S.</summary>
    protected abstract double JointDf(ContrastRows L, double[] S);

    /// <summary>(L beta − values)'S⁻¹(L beta − values)/rows.</summary>
    protected double WaldStatistic(ContrastRows L, ReadOnlySpan<double> values, double[] S)
    {
        var factor = (double[])S.Clone();
        var difference = new double[L.Count];
        for (var i = 0; i < L.Count; i++) difference[i] = Vectors.Dot(L.Delta(i), Fit.Coordinates) - values[i];
        if (Cholesky.Factor(factor, L.Count, L.Count) >= 0) return double.NaN;
        TriangularSolve.Lower(factor, L.Count, L.Count, difference, 1, L.Count);
        return Vectors.SumOfSquares(difference) / L.Count;
    }
}
