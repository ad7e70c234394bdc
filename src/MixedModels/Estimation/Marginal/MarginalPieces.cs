using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Marginal;

/// <summary>Sums over blocks from which the derivatives of a marginal deviance, and inference on fixed effects, follow. Filled once, then read.</summary>
internal sealed class MarginalPieces
{
    private readonly bool reml;
    private readonly double nu;
    private readonly double kappa;

    /// <summary>Empty sums.</summary>
    /// <param name="count">K.</param>
    /// <param name="p">Fixed effects.</param>
    /// <param name="reml">Whether the criterion is the restricted one.</param>
    /// <param name="nu">n or n − p.</param>
    /// <param name="kappa">1/sigma²: nu/r² where sigma is profiled out.</param>
    /// <param name="wantsProducts">Whether U'E_kE_lU is wanted.</param>
    public MarginalPieces(int count, int p, bool reml, double nu, double kappa, bool wantsProducts)
    {
        (Count, this.p, this.reml, this.nu, this.kappa) = (count, p, reml, nu, kappa);
        Slope = new double[count];
        (TraceEE, TraceAEE, TraceBEE, Curvature) = (new double[count * count], new double[count * count], new double[count * count], new double[count * count]);
        H = [.. Enumerable.Range(0, count).Select(_ => new double[(p + 1) * (p + 1)])];
        Products = wantsProducts ? [.. Enumerable.Range(0, count * count).Select(_ => new double[p * p])] : [];
    }

    /// <summary>K, the number of parameters.</summary>
    public int Count { get; }

    /// <summary>tr E_k.</summary>
    public double[] Slope { get; }

    /// <summary>tr E_kE_l, K×K.</summary>
    public double[] TraceEE { get; }

    /// <summary>tr U'E_kE_lU, K×K.</summary>
    public double[] TraceAEE { get; }

    /// <summary>e'E_kE_le, K×K.</summary>
    public double[] TraceBEE { get; }

    /// <summary>&lt;Gamma, d²V_kl&gt;, K×K.</summary>
    public double[] Curvature { get; }

    /// <summary>A parameter: [U e]'E_k[U e], (p + 1)×(p + 1).</summary>
    public double[][] H { get; }

    /// <summary>U'E_kE_lU at k + l·K, where wanted.</summary>
    public double[][] Products { get; }

    private readonly int p;

    /// <summary>b_k = e'E_ke.</summary>
    public double b(int k) => H[k][^1];

    /// <summary>The gradient of the deviance, profiled or at the given sigma.</summary>
    public double[] Gradient()
    {
        var gradient = new double[Count];
        for (var k = 0; k < Count; k++) gradient[k] = Slope[k] - (reml ? TraceH(k) : 0) - (kappa * b(k));
        return gradient;
    }

    /// <summary>The Hessian of the profiled deviance, K×K.</summary>
    public double[] Hessian()
    {
        var hessian = new double[Count * Count];
        for (var l = 0; l < Count; l++)
        {
            for (var k = 0; k < Count; k++)
                hessian[k + (l * Count)] = Unprofiled(k, l) - (kappa * kappa / nu * b(k) * b(l));
        }

        return hessian;
    }

    /// <summary>The second derivative of the deviance whose sigma² is held at 1/kappa.</summary>
    public double Unprofiled(int k, int l) => (2 * kappa * Quadratic(k, l)) - Trace(k, l) + Curvature[k + (l * Count)];

    /// <summary>tr P dV_k P dV_l, with P = V⁻¹ under ML.</summary>
    public double Trace(int k, int l)
    {
        var place = k + (l * Count);
        return reml ? TraceEE[place] - (2 * TraceAEE[place]) + TraceHH(k, l) : TraceEE[place];
    }

    /// <summary>tr P dV_k.</summary>
    public double RestrictedSlope(int k) => Slope[k] - TraceH(k);

    /// <summary>e'E_kE_le − h_k'h_l: (E_ke)'P0(E_le).</summary>
    public double Quadratic(int k, int l)
    {
        var sum = TraceBEE[k + (l * Count)];
        for (var j = 0; j < p; j++) sum -= H[k][p + (j * (p + 1))] * H[l][p + (j * (p + 1))];
        return sum;
    }

    /// <summary>V⁻¹ less what estimating beta and sigma² takes: the derivative of the deviance in V, for one pattern.</summary>
    /// <param name="A">ΣUU', n×n.</param>
    /// <param name="B">Σee', n×n.</param>
    /// <param name="n">The rows of a block.</param>
    /// <param name="count">How many blocks.</param>
    /// <param name="unwhiten">L⁻ᵀ · L⁻¹, in place.</param>
    public double[] Gamma(double[] A, double[] B, int n, int count, Action<double[]> unwhiten)
    {
        var gamma = new double[n * n];
        for (var i = 0; i < gamma.Length; i++) gamma[i] = -(reml ? A[i] : 0) - (kappa * B[i]);
        for (var i = 0; i < n; i++) gamma[i * (n + 1)] += count;
        unwhiten(gamma);
        return gamma;
    }

    private double TraceH(int k)
    {
        var sum = 0.0;
        for (var j = 0; j < p; j++) sum += H[k][j * (p + 2)];
        return sum;
    }

    private double TraceHH(int k, int l)
    {
        var sum = 0.0;
        for (var j = 0; j < p; j++) sum += Vectors.Dot(H[k].AsSpan(j * (p + 1), p), H[l].AsSpan(j * (p + 1), p));
        return sum;
    }
}
