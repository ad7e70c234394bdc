using MixedModels.Covariance.Correlation;
using MixedModels.LinearAlgebra;

namespace MixedModels.Covariance;

/// <summary>One variance for all effects and a family of correlations, G = s² R(phi). The parameters are s, whose sign does not matter, and phi.</summary>
internal sealed class HomogeneousEffects(string name, CorrelationFunction correlation) : CorrelatedEffects(name, correlation, scales: 1)
{
    /// <inheritdoc/>
    public override ColumnFreedom Columns => ColumnFreedom.ScaledTogether;

    /// <inheritdoc/>
    public override double ScaleDegree(int k) => k == 0 ? 1 : 0;

    /// <inheritdoc/>
    public override void Derivative(int k, ReadOnlySpan<double> theta, Span<double> dG)
    {
        var s = theta[0];
        if (k == 0) Correlation.Fill(theta[1..], dG);
        else Correlation.Derivative(k - 1, theta[1..], dG);
        Vectors.Scale(k == 0 ? 2 * s : s * s, dG);
    }

    /// <inheritdoc/>
    public override double SecondDerivative(int k, int l, ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma)
    {
        var s = theta[0];
        var phi = theta[1..];
        var R = new double[Gamma.Length];
        var (first, second) = (Math.Min(k, l), Math.Max(k, l));
        if (second == 0) Correlation.Fill(phi, R);
        else if (first == 0) Correlation.Derivative(second - 1, phi, R);
        else Correlation.SecondDerivative(first - 1, second - 1, phi, R);
        return (second == 0 ? 2 : first == 0 ? 2 * s : s * s) * Vectors.Dot(Gamma, R);
    }

    /// <inheritdoc/>
    public override void FromCovariance(ReadOnlySpan<double> G, Span<double> theta)
    {
        var sum = 0.0;
        for (var i = 0; i < Dimension; i++) sum += Math.Max(0, G[i * (Dimension + 1)]);
        theta[0] = Math.Sqrt(sum / Dimension);
        Correlation.FromCorrelation(CorrelationsOf(G), theta[1..]);
    }

    /// <inheritdoc/>
    public override void Start(ReadOnlySpan<double> variances, Span<double> theta)
    {
        theta[0] = Math.Sqrt(Vectors.Sum(variances) / Dimension);
        Correlation.Start(theta[1..]);
    }

    /// <inheritdoc/>
    protected override double Deviation(int i, ReadOnlySpan<double> theta) => theta[0];

    /// <inheritdoc/>
    protected override double ScaleStep(double amount) => Math.Sqrt(amount);

    /// <inheritdoc/>
    protected override double LeastSlope(ReadOnlySpan<double> Gamma, ReadOnlySpan<double> R, Span<double> D)
    {
        for (var e = 0; e < D.Length; e++) D[e] = R[e] / Dimension;
        return Vectors.Dot(Gamma, D);
    }
}
