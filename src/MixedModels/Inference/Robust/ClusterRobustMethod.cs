using MixedModels.Inference.SmallSample;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Robust;

/// <summary>
/// Tests by a cluster-robust covariance. CR2: Satterthwaite's degrees of freedom of Bell and McCaffrey for one function, Hotelling's T² with
/// the degrees of freedom that match its variance for several; CR0, CR1 and CR3: clusters − 1; or the normal distribution.
/// </summary>
/// <remarks>
/// Sources: Bell and McCaffrey 2002, Survey Methodology 28; Tipton and Pustejovsky 2015, J. Educ. Behav. Stat. 40 (HTZ);
/// Pustejovsky and Tipton 2018, J. Bus. Econ. Stat. 36, section 3.
/// </remarks>
internal sealed class ClusterRobustMethod(IFittedEffects fit, ClusterSandwich sandwich, bool isAsymptotic) : SmallSampleMethod(fit)
{
    /// <inheritdoc/>
    public override RobustCovariance? Robust => new(sandwich.Adjustment, sandwich.Clusters.Name);

    /// <inheritdoc/>
    public override double Variance(ContrastRows c) => c.QuadraticForm(sandwich.Covariance)[0];

    /// <inheritdoc/>
    public override double[] Covariance(ContrastRows L) => L.QuadraticForm(sandwich.Covariance);

    /// <inheritdoc/>
    public override double Df(ContrastRows c)
    {
        if (isAsymptotic) return double.PositiveInfinity;
        return sandwich.Adjustment == RobustAdjustment.CR2 ? MatchedDf(c) : sandwich.Clusters.Count - 1;
    }

    /// <inheritdoc/>
    public override FTest Joint(ContrastRows L, ReadOnlySpan<double> values)
    {
        // The covariance has the rank of the clusters, less one where their sum is zero by the estimate's own equations.
        if (L.Count >= sandwich.Clusters.Count) return new(double.NaN, L.Count, double.NaN);
        var S = Covariance(L);
        var wald = WaldStatistic(L, values, S);
        if (isAsymptotic || sandwich.Adjustment != RobustAdjustment.CR2) return new(wald, L.Count, JointDf(L, S));
        var eta = MatchedDf(L);
        var df = eta - L.Count + 1;
        return df > 0 ? new(df / eta * wald, L.Count, df) : new(double.NaN, L.Count, double.NaN);
    }

    /// <inheritdoc/>
    protected override double JointDf(ContrastRows L, double[] S) => isAsymptotic ? double.PositiveInfinity : sandwich.Clusters.Count - 1;

    /// <summary>q(q + 1)/Σ Var D_st of the functions turned so that under the model D, their covariance, has the mean I.</summary>
    private double MatchedDf(ContrastRows L)
    {
        if (Standardized(L) is not { } turned) return double.NaN;
        var (q, p, m) = (turned.Count, turned.p, sandwich.Clusters.Count);
        var d = new double[m][];
        var f = new double[m][];
        for (var i = 0; i < m; i++) (d[i], f[i]) = (turned.QuadraticForm(sandwich.S[i]), Images(turned, sandwich.T[i]));
        var variance = 0.0;
        var K = new double[p * p];
        for (var s = 0; s < q; s++)
        {
            for (var t = 0; t <= s; t++)
            {
                Array.Clear(K);
                var sum = 0.0;
                for (var i = 0; i < m; i++)
                {
                    var fs = f[i].AsSpan(s * p, p);
                    var ft = f[i].AsSpan(t * p, p);
                    var (ss, tt, st) = (d[i][s * (q + 1)], d[i][t * (q + 1)], d[i][s + (t * q)]);
                    sum += (ss * tt) - (ss * Vectors.SumOfSquares(ft)) - (tt * Vectors.SumOfSquares(fs)) + (st * st) - (2 * st * Vectors.Dot(fs, ft));
                    for (var c = 0; c < p; c++) Vectors.AddScaled(ft[c], fs, K.AsSpan(c * p, p));
                }

                // Σ_ij of the products of f: K = Σ f_s f_t' gives |K|² and tr KK.
                sum += Vectors.SumOfSquares(K);
                for (var c = 0; c < p; c++)
                {
                    for (var b = 0; b < p; b++) sum += K[b + (c * p)] * K[c + (b * p)];
                }

                variance += s == t ? sum : 2 * sum;
            }
        }

        return q * (q + 1) / variance;
    }

    /// <summary>The functions, combined so that their covariance has the mean I under the model; null where that mean is singular.</summary>
    private ContrastRows? Standardized(ContrastRows L)
    {
        var (q, p) = (L.Count, L.p);
        var mean = new double[q * q];
        for (var i = 0; i < sandwich.Clusters.Count; i++)
        {
            Vectors.AddScaled(1, L.QuadraticForm(sandwich.S[i]), mean);
            var f = Images(L, sandwich.T[i]);
            Product.Add(-1, f, p, true, f, p, false, mean, q, q, q, p);
        }

        if (Cholesky.Factor(mean, q, q) >= 0) return null;
        var weights = new double[q * q];
        for (var i = 0; i < q; i++) weights[i * (q + 1)] = 1;
        TriangularSolve.Lower(mean, q, q, weights, q, q);

        // Combine takes a row of weights after the other: the transpose of the column-major inverse.
        var byRow = new double[q * q];
        for (var i = 0; i < q; i++)
        {
            for (var j = 0; j < q; j++) byRow[(i * q) + j] = weights[i + (j * q)];
        }

        return L.Combine(byRow, q);
    }

    /// <summary>f = T'c of every function, p numbers each.</summary>
    private static double[] Images(ContrastRows L, double[] T)
    {
        var images = new double[L.Count * L.p];
        for (var k = 0; k < L.Count; k++)
        {
            for (var c = 0; c < L.p; c++) images[(k * L.p) + c] = Vectors.Dot(T.AsSpan(c * L.p, L.p), L.Delta(k));
        }

        return images;
    }
}
