using MixedModels.Covariance.Correlation;
using MixedModels.LinearAlgebra;

namespace MixedModels.Covariance;

/// <summary>A variance for each effect and a family of correlations, G_ij = s_i s_j R_ij(phi). The parameters are tau_i with s_i = tau_i², and phi.</summary>
/// <remarks>A free-signed s_i would reach covariances that are not of the family, as turning one sign turns the effect's correlations. With s_i = tau_i²
/// every tau gives one of the family, and s_i = 0 is an ordinary stationary point.</remarks>
internal sealed class HeterogeneousEffects(string name, CorrelationFunction correlation)
    : CorrelatedEffects(name, correlation, scales: correlation.Dimension)
{
    /// <inheritdoc/>
    public override ColumnFreedom Columns => ColumnFreedom.Scaled;

    /// <inheritdoc/>
    public override double ScaleDegree(int k) => k < Dimension ? 0.5 : 0;

    /// <inheritdoc/>
    public override void Derivative(int k, ReadOnlySpan<double> theta, Span<double> dG)
    {
        var p = Dimension;
        if (k >= p)
        {
            Correlation.Derivative(k - p, theta[p..], dG);
            Scale(theta, dG);
            return;
        }

        var R = new double[dG.Length];
        Correlation.Fill(theta[p..], R);
        dG.Clear();
        for (var j = 0; j < p; j++)
        {
            var slope = 2 * theta[k] * Deviation(j, theta) * R[j + (k * p)];
            dG[j + (k * p)] += slope;
            dG[k + (j * p)] += slope;
        }
    }

    /// <inheritdoc/>
    public override double SecondDerivative(int k, int l, ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma)
    {
        var p = Dimension;
        var R = new double[Gamma.Length];
        var (first, second) = (Math.Min(k, l), Math.Max(k, l));
        if (first >= p)
        {
            Correlation.SecondDerivative(first - p, second - p, theta[p..], R);
            Scale(theta, R);
            return Vectors.Dot(Gamma, R);
        }

        if (second >= p)
        {
            Correlation.Derivative(second - p, theta[p..], R);
            return 2 * theta[first] * SlopeInDeviation(first, theta, Gamma, R);
        }

        // d²/ds_k ds_l = 2 Gamma_kl R_kl, also for k = l, where R = 1; and s = tau².
        Correlation.Fill(theta[p..], R);
        var curvature = 8 * theta[first] * theta[second] * Gamma[first + (second * p)] * R[first + (second * p)];
        return first == second ? curvature + (2 * SlopeInDeviation(first, theta, Gamma, R)) : curvature;
    }

    /// <inheritdoc/>
    public override void FromCovariance(ReadOnlySpan<double> G, Span<double> theta)
    {
        for (var i = 0; i < Dimension; i++) theta[i] = Math.Sqrt(Math.Sqrt(Math.Max(0, G[i * (Dimension + 1)])));
        Correlation.FromCorrelation(CorrelationsOf(G), theta[Dimension..]);
    }

    /// <inheritdoc/>
    public override void Start(ReadOnlySpan<double> variances, Span<double> theta)
    {
        for (var i = 0; i < Dimension; i++) theta[i] = Math.Sqrt(Math.Sqrt(variances[i]));
        Correlation.Start(theta[Dimension..]);
    }

    /// <inheritdoc/>
    protected override double Deviation(int i, ReadOnlySpan<double> theta) => theta[i] * theta[i];

    /// <inheritdoc/>
    protected override double ScaleStep(double amount) => Math.Sqrt(Math.Sqrt(amount));

    /// <summary>v'(Gamma ∘ R)v is least for its first eigenvector; a negative entry would turn correlations, and its size counts.</summary>
    protected override double LeastSlope(ReadOnlySpan<double> Gamma, ReadOnlySpan<double> R, Span<double> D)
    {
        var p = Dimension;
        var vectors = new double[Gamma.Length];
        for (var e = 0; e < vectors.Length; e++) vectors[e] = Gamma[e] * R[e];
        var values = new double[p];
        if (!SymmetricEigen.Decompose(vectors, p, p, values)) return double.NaN;
        var v = vectors.AsSpan(0, p);
        for (var e = 0; e < D.Length; e++) D[e] = Math.Abs(v[e % p] * v[e / p]) * R[e];
        var along = Vectors.Dot(Gamma, D);
        for (var i = 0; i < p; i++)
        {
            if (Gamma[i * (p + 1)] >= along) continue;
            along = Gamma[i * (p + 1)];
            D.Clear();
            D[i * (p + 1)] = 1;
        }

        return along;
    }

    /// <summary>d&lt;Gamma, G&gt;/ds_k = 2 Σ_j Gamma_kj s_j R_kj.</summary>
    private double SlopeInDeviation(int k, ReadOnlySpan<double> theta, ReadOnlySpan<double> Gamma, double[] R)
    {
        var sum = 0.0;
        for (var j = 0; j < Dimension; j++) sum += Gamma[j + (k * Dimension)] * Deviation(j, theta) * R[j + (k * Dimension)];
        return 2 * sum;
    }

    private void Scale(ReadOnlySpan<double> theta, Span<double> R)
    {
        for (var j = 0; j < Dimension; j++)
        {
            for (var i = 0; i < Dimension; i++) R[i + (j * Dimension)] *= Deviation(i, theta) * Deviation(j, theta);
        }
    }
}
