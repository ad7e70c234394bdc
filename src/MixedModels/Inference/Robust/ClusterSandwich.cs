using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Robust;

/// <summary>
/// The cluster-robust covariance of the fixed effects in the coordinates delta, in which the model's own is sigma² I, and what the
/// distribution of CR2 follows from. Immutable.
/// </summary>
/// <remarks>
/// With W_j = V_j⁻¹ and M = (X'V⁻¹X)⁻¹ the covariance is M [Σ X_j'W_jA_j e_je_j'A_j'W_jX_j] M; in these coordinates Σ g_jg_j' with
/// g_j = U_j'Q_je_j, Q_j = V0_j⁻¹A_j. CR2: A_j = D'B⁺½D with D'D = V_j and B = D(V_j − X_jMX_j')D'. CR3: A_j = (I − X_jMX_j'W_j)⁻¹.
/// Under the model c'Cov c is a quadratic form of normal variables with the kernel c'S_ic δ_ij − f_i'f_j, f_i = T_i'c, T_i = U_i'Q_iU_i,
/// S_i = U_i'Q_iV0_iQ_i'U_i. Source: Pustejovsky and Tipton 2018, J. Bus. Econ. Stat. 36, sections 2 and 3.
/// </remarks>
internal sealed class ClusterSandwich
{
    /// <summary>An eigenvalue below this share of the largest is zero but for rounding.</summary>
    private const double Zero = 1e-12;

    /// <summary>Forms the covariance. O(Σ r_j³) and the passes over rows of <see cref="ClusterBlock"/>.</summary>
    public ClusterSandwich(
        IFittedEffects fit, LinearData data, IReadOnlyList<double[]> relative, ClusterFactor clusters, RobustAdjustment adjustment, Func<int[], double[]>? residual = null)
    {
        (Clusters, Adjustment) = (clusters, adjustment);
        var p = data.p;
        Covariance = new double[p * p];
        var kernels = adjustment == RobustAdjustment.CR2 ? clusters.Count : 0;
        var (s, t) = (new double[kernels][], new double[kernels][]);
        (S, T) = (s, t);
        var rows = clusters.Rows();
        for (var j = 0; j < clusters.Count; j++)
        {
            var block = ClusterBlock.Of(fit, data, relative, rows[j], residual);
            var Q = Weight(block, p);
            var Qe = new double[block.r];
            Product.Add(1, Q, block.r, false, block.e, block.r, false, Qe, block.r, block.r, 1, block.r);
            var g = new double[p];
            for (var c = 0; c < p; c++) g[c] = Vectors.Dot(block.U.AsSpan(c * block.r, block.r), Qe);
            for (var c = 0; c < p; c++) Vectors.AddScaled(g[c], g, Covariance.AsSpan(c * p, p));
            if (j < kernels) (s[j], t[j]) = Kernel(block, Q, p);
        }
    }

    /// <summary>The clusters.</summary>
    public ClusterFactor Clusters { get; }

    /// <summary>How residuals are adjusted.</summary>
    public RobustAdjustment Adjustment { get; }

    /// <summary>p×p covariance of delta.</summary>
    public double[] Covariance { get; }

    /// <summary>A cluster: S_i (p×p); CR2 alone.</summary>
    public IReadOnlyList<double[]> S { get; }

    /// <summary>A cluster: T_i (p×p); CR2 alone.</summary>
    public IReadOnlyList<double[]> T { get; }

    /// <summary>Q = V0⁻¹A (r×r).</summary>
    private double[] Weight(ClusterBlock block, int p)
    {
        var r = block.r;
        if (Adjustment == RobustAdjustment.CR2) return Unbiased(block, p);
        var inverted = Adjustment == RobustAdjustment.CR3 ? LessFitted(block, p) : (double[])block.V0.Clone();
        if (Cholesky.Factor(inverted, r, r) >= 0 || (Adjustment == RobustAdjustment.CR3 && IsSingular(inverted, block)))
        {
            throw new InferenceException(
                $"CR3 leaves out a cluster at a time, and without one of those of '{Clusters.Name}' a coefficient cannot be estimated. CR2 has no such need.");
        }

        SymmetricInverse.FromCholesky(inverted, r, r);
        Symmetric.MirrorLower(inverted, r, r);
        if (Adjustment == RobustAdjustment.CR1) Vectors.Scale(Math.Sqrt(Clusters.Count / (Clusters.Count - 1.0)), inverted);
        return inverted;
    }

    /// <summary>V0⁻¹A = L⁻ᵀB⁺½L' with V0 = LL', B = L'(V0 − UU')L.</summary>
    private static double[] Unbiased(ClusterBlock block, int p)
    {
        var r = block.r;
        var L = (double[])block.V0.Clone();
        Cholesky.Factor(L, r, r);
        for (var j = 1; j < r; j++) L.AsSpan(j * r, j).Clear();
        var half = new double[r * r];
        Product.Add(1, LessFitted(block, p), r, false, L, r, false, half, r, r, r, r);
        var B = new double[r * r];
        Product.Add(1, L, r, true, half, r, false, B, r, r, r, r);
        var values = new double[r];
        if (!SymmetricEigen.Decompose(B, r, r, values)) throw new InferenceException("The residuals of a cluster are not finite.");

        // B⁺½L' by eigenvectors; a direction that the cluster alone determines has no residual and gets weight zero.
        var turned = new double[r * r];
        Product.Add(1, B, r, true, L, r, true, turned, r, r, r, r);
        for (var i = 0; i < r; i++)
        {
            var weight = values[i] > Zero * values[^1] ? 1 / Math.Sqrt(values[i]) : 0;
            for (var j = 0; j < r; j++) turned[i + (j * r)] *= weight;
        }

        var Q = new double[r * r];
        Product.Add(1, B, r, false, turned, r, false, Q, r, r, r, r);
        TriangularSolve.LowerTransposed(L, r, r, Q, r, r);
        return Q;
    }

    /// <summary>V0 − UU'.</summary>
    private static double[] LessFitted(ClusterBlock block, int p)
    {
        var result = (double[])block.V0.Clone();
        if (p > 0) Product.Add(-1, block.U, block.r, false, block.U, block.r, true, result, block.r, block.r, block.r, p);
        return result;
    }

    private static bool IsSingular(double[] factor, ClusterBlock block)
    {
        for (var i = 0; i < block.r; i++)
        {
            if (factor[i * (block.r + 1)] * factor[i * (block.r + 1)] <= Zero * block.V0[i * (block.r + 1)]) return true;
        }

        return false;
    }

    private static (double[] S, double[] T) Kernel(ClusterBlock block, double[] Q, int p)
    {
        var r = block.r;
        var QU = new double[r * p];
        Product.Add(1, Q, r, true, block.U, r, false, QU, r, r, p, r);
        var image = new double[p * p];
        Product.Add(1, QU, r, true, block.U, r, false, image, p, p, p, r);
        var VQU = new double[r * p];
        Product.Add(1, block.V0, r, false, QU, r, false, VQU, r, r, p, r);
        var spread = new double[p * p];
        Product.Add(1, QU, r, true, VQU, r, false, spread, p, p, p, r);
        return (spread, image);
    }
}
