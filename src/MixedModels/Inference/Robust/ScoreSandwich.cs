using MixedModels.Estimation.Generalized;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Robust;

/// <summary>
/// The cluster-robust covariance of all parameters of a generalized model: C [Σ s_js_j'] C with C the inverse of the observed information and s_j the derivative
/// of cluster j's log-likelihood. Immutable.
/// </summary>
/// <remarks>
/// CR1: times m/(m − 1). CR3: C s_j is replaced by (C⁻¹ − I_j)⁻¹s_j, I_j the information of the cluster: a Newton step to the estimates without it, as CR3 of a linear
/// model with known variances is that step. Sources: White 1982, Econometrica 50, 1–25; Liang and Zeger 1986, Biometrika 73.
/// </remarks>
internal sealed class ScoreSandwich
{
    /// <summary>A cluster's deviances add up to the whole to rounding; a difference of this share is a cluster whose mode is another one.</summary>
    private const double Agreement = 1e-6;

    /// <summary>Forms the covariance: the gradient of every cluster's deviance; of CR3 two a parameter more.</summary>
    /// <exception cref="InferenceException">CR2 is asked for, or CR3 where a cluster alone says what a parameter is.</exception>
    public ScoreSandwich(GeneralizedEstimate estimate, ClusterFactor clusters, RobustAdjustment adjustment)
    {
        if (adjustment == RobustAdjustment.CR2)
        {
            throw new InferenceException(
                "CR2 makes the covariance unbiased under a linear model's covariance of responses; a generalized model has no such adjustment. CR3, the jackknife over clusters, is the careful one here (--vcov CR3); CR1 and CR0 are there too.");
        }

        (Clusters, Adjustment) = (clusters, adjustment);
        var standardized = estimate.Covariance.Standardized;
        Covariance = estimate.AtOptimum((data, deviance) => new GeneralizedCovariance(
            data, deviance.Layout.Count, Sandwich(new(data, deviance, estimate.Optimum), estimate.Optimum.Value, Root(standardized))));
    }

    /// <summary>The clusters.</summary>
    public ClusterFactor Clusters { get; }

    /// <summary>How scores are adjusted.</summary>
    public RobustAdjustment Adjustment { get; }

    /// <summary>The covariance.</summary>
    public GeneralizedCovariance Covariance { get; }

    private static double[] Root(double[] C)
    {
        var F = new double[C.Length];
        SemidefiniteCholesky.Factor((double[])C.Clone(), (int)Math.Round(Math.Sqrt(C.Length)), F);
        return F;
    }

    /// <summary>F [Σ t_jt_j'] F' with C = FF' and t_j = F's_j; of CR3 t_j = (I − F'I_jF)⁻¹F's_j.</summary>
    private double[] Sandwich(ClusterScores scores, double deviance, double[] F)
    {
        var k = (int)Math.Round(Math.Sqrt(F.Length));
        var (sum, values, t) = (new double[k * k], 0.0, new double[k]);
        foreach (var rows in Clusters.Rows())
        {
            var s = scores.Score(rows, out var value);
            values += value;
            if (!double.IsFinite(value)) break;
            Array.Clear(t);
            Product.Add(1, F, k, true, s, k, false, t, k, k, 1, k);
            if (Adjustment == RobustAdjustment.CR3) LeaveOut(scores.Hessian(rows), F, t);
            for (var j = 0; j < k; j++) Vectors.AddScaled(t[j], t, sum.AsSpan(j * k, k));
        }

        if (!(Math.Abs(values - deviance) <= Agreement * (1 + Math.Abs(deviance))))
            throw new InferenceException($"The likelihood does not come apart over the clusters of '{Clusters.Name}': their deviances add up to {values:R}, not to {deviance:R}. Keep the model's covariance (--vcov model).");
        var (half, covariance) = (new double[k * k], new double[k * k]);
        Product.Add(1, F, k, false, sum, k, false, half, k, k, k, k);
        Product.Add(1, half, k, false, F, k, true, covariance, k, k, k, k);
        if (Adjustment == RobustAdjustment.CR1) Vectors.Scale(Clusters.Count / (Clusters.Count - 1.0), covariance);
        return covariance;
    }

    /// <summary>Solves (I − F'I_jF)t = t, I_j half the Hessian of the cluster's deviance.</summary>
    private void LeaveOut(double[] hessian, double[] F, double[] t)
    {
        var k = t.Length;
        var (half, left) = (new double[k * k], new double[k * k]);
        Product.Add(0.5, hessian, k, false, F, k, false, half, k, k, k, k);
        Product.Add(-1, F, k, true, half, k, false, left, k, k, k, k);
        for (var j = 0; j < k; j++) left[j * (k + 1)] += 1;
        if (Cholesky.Factor(left, k, k) >= 0)
            throw new InferenceException($"CR3 leaves out a cluster at a time, and without one of those of '{Clusters.Name}' a parameter cannot be estimated. CR1 has no such need.");
        TriangularSolve.Lower(left, k, k, t, 1, k);
        TriangularSolve.LowerTransposed(left, k, k, t, 1, k);
    }
}
