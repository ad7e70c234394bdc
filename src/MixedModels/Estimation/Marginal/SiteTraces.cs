using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// What traces with dR_k are made of, summed over patterns by pairs of sites: as dR_k depends on group and site alone, an evaluation forms no matrix a pattern
/// and parameter, which for an unstructured covariance of v visits are v(v + 1)/2. A workspace of one thread.
/// </summary>
/// <remarks>
/// With P = V⁻¹ of a pattern and N of its blocks, −tr E_kE_l + [REML] 2 tr U'E_kE_lU + (2nu/r²) e'E_kE_le = Σ dR_k,ab P_bc dR_l,cd M_da
/// over all a, b, c, d, M = L⁻ᵀ(−N I + 2 UU' + (2nu/r²) ee')L⁻¹ = N P − 2 Gamma. Over pairs a ≥ b, c ≥ d the weight of dR_k,ab dR_l,cd is, diagonal pairs counted by halves,
/// T = P_bc M_da + P_ac M_db + P_bd M_ca + P_ad M_cb, which is symmetric in the two pairs.
/// </remarks>
internal sealed class SiteTraces
{
    private readonly ResidualModel residual;
    private readonly double[][] slopes;
    private readonly double[][] T;
    private readonly int pairs;

    public SiteTraces(ResidualModel residual)
    {
        this.residual = residual;
        var v = residual.Data.Structure!.Sites.Count;
        pairs = v * (v + 1) / 2;
        slopes = [.. Enumerable.Range(0, residual.Data.GroupCount).Select(_ => new double[pairs])];
        T = [.. slopes.Select(_ => new double[pairs * pairs])];
    }

    /// <summary>Takes a pattern.</summary>
    /// <param name="rows">The rows of its first block.</param>
    /// <param name="P">n×n V⁻¹.</param>
    /// <param name="Gamma">n×n derivative of the deviance in V, over all its blocks.</param>
    /// <param name="count">How many blocks.</param>
    public void Add(ReadOnlySpan<int> rows, double[] P, double[] Gamma, int count)
    {
        var (n, group) = (rows.Length, residual.Data.GroupOfRow[rows[0]]);
        var M = new double[n * n];
        for (var i = 0; i < M.Length; i++) M[i] = (count * P[i]) - (2 * Gamma[i]);
        var places = new int[n * (n + 1) / 2];
        for (var a = 0; a < n; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                var (i, j) = (residual.Data.SiteOfRow[rows[a]], residual.Data.SiteOfRow[rows[b]]);
                var q = Jet.Pair(a, b);
                places[q] = Jet.Pair(Math.Max(i, j), Math.Min(i, j));
                slopes[group][places[q]] += count * P[a + (b * n)];
                AddPair(T[group], places, P, M, n, a, b);
            }
        }
    }

    /// <summary>Adds tr E_k to the slopes and the three traces of the Hessian to the curvature.</summary>
    /// <param name="sites">The derivatives of R by pairs of sites.</param>
    /// <param name="pieces">The sums of a model without random terms.</param>
    public void AddTo(SiteProducts sites, MarginalPieces pieces)
    {
        for (var group = 0; group < T.Length; group++)
        {
            var (K, D) = (pieces.Count, sites.Derivatives(group));
            Symmetric.MirrorLower(T[group], pairs, pairs);
            for (var k = 0; k < K; k++) pieces.Slope[k] += 2 * Vectors.Dot(D.AsSpan(k * pairs, pairs), slopes[group]);
            var TD = new double[pairs * K];
            Product.Add(1, T[group], pairs, false, D, pairs, false, TD, pairs, pairs, K, pairs);
            Product.Add(1, D, pairs, true, TD, pairs, false, pieces.Curvature, K, K, K, pairs);
        }
    }

    /// <summary>Adds T of one pair with all pairs up to it.</summary>
    private void AddPair(double[] sum, int[] places, double[] P, double[] M, int n, int a, int b)
    {
        var Pa = P.AsSpan(a * n, n);
        var Pb = P.AsSpan(b * n, n);
        var Ma = M.AsSpan(a * n, n);
        var Mb = M.AsSpan(b * n, n);
        var (q, last) = (0, Jet.Pair(a, b));
        var own = places[last];
        for (var c = 0; c <= a; c++)
        {
            for (var d = 0; d <= c && q <= last; d++, q++)
            {
                var value = (Pb[c] * Ma[d]) + (Pa[c] * Mb[d]) + (Ma[c] * Pb[d]) + (Mb[c] * Pa[d]);
                var (high, low) = places[q] > own ? (places[q], own) : (own, places[q]);
                sum[high + (low * pairs)] += value;
            }
        }
    }
}
