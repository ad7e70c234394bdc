using System.Runtime.CompilerServices;
using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The part of the exact Hessian that is bilinear in dG_k and dG_l, for all parameters of two terms t and s at the price of one pass
/// over the block Q_ts: factor·(E_kw)'Q(E_lw) − tr(Q E_k Q E_l) = vec(dG_k)'K vec(dG_l), K a p_t²×p_s² matrix of moments.
/// </summary>
/// <remarks>
/// With X = Q_lm the p_t×p_s block of level l of t and m of s,
/// K[(a, c), (b, x)] = Σ_lm factor·w_l[c] X[a, b] w_m[x] − X[a, x] X[c, b].
/// </remarks>
internal sealed class HessianMoments
{
    /// <summary>Blocks stacked before their outer products are summed as one matrix product.</summary>
    private const int StackedBlocks = 256;

    private readonly int q;
    private readonly PenalizedSystem system;

    public HessianMoments(PenalizedSystem system) => (this.system, q) = (system, system.q);

    /// <summary>Adds DG_t'K DG_s to the parameters' places in the Hessian, and its transpose for t ≠ s.</summary>
    /// <param name="Q">q×q, both triangles; where all dG_k are diagonal the lower one is enough.</param>
    /// <param name="w">q numbers.</param>
    /// <param name="factor">Of the quadratic part.</param>
    /// <param name="layout">Where parameters stand.</param>
    /// <param name="DG">A term: vec(dG_k) of its parameters, a column each.</param>
    /// <param name="hessian">k×k.</param>
    public void Add(ReadOnlySpan<double> Q, ReadOnlySpan<double> w, double factor, ThetaLayout layout, double[][] DG, Span<double> hessian)
    {
        var isDiagonal = DG.Select((derivatives, t) => DiagonalMoments.Suffice(derivatives, system.Terms[t].Dimension)).ToArray();
        for (var s = 0; s < layout.TermCount; s++)
        {
            double[]? Qw = null;
            for (var t = s; t < layout.TermCount; t++)
            {
                if (isDiagonal[s] && isDiagonal[t])
                {
                    DiagonalMoments.Add(system, Q, w, factor, layout, DG, t, s, hessian);
                    continue;
                }

                Qw ??= Halves(Q, w, s);
                var K = Quadratic(Qw, w, factor, t, s);
                SubtractTraces(Q, t, s, K);
                AddForm(K, layout, DG, t, s, hessian);
            }
        }
    }

    /// <summary>Σ_m Q[·, (m, b)] w_m[x] for the levels m of a term: q×p_s², column b + x·p_s.</summary>
    private double[] Halves(ReadOnlySpan<double> Q, ReadOnlySpan<double> w, int s)
    {
        var (p, levels, first) = (system.Terms[s].Dimension, system.Terms[s].LevelCount, system.Offset(s));
        var result = new double[q * p * p];
        for (var b = 0; b < p; b++)
            Product.Add(1, Q[((first + b) * q)..], q * p, false, w[first..], p, true, result.AsSpan(b * q), q * p, q, p, levels);
        return result;
    }

    /// <summary>factor·Σ_lm w_l[c] Q_lm[a, b] w_m[x].</summary>
    private double[] Quadratic(double[] Qw, ReadOnlySpan<double> w, double factor, int t, int s)
    {
        var (pt, ps, first) = (system.Terms[t].Dimension, system.Terms[s].Dimension, system.Offset(t));
        var K = new double[pt * pt * ps * ps];
        for (var column = 0; column < ps * ps; column++)
        {
            Product.Add(
                factor, Qw.AsSpan((column * q) + first), pt, false, w[first..], pt, true, K.AsSpan(column * pt * pt), pt, pt, pt, system.Terms[t].LevelCount);
        }

        return K;
    }

    /// <summary>Subtracts Σ_lm X[a, x] X[c, b]. Of a term with itself each pair of levels is visited once, as X and X' contribute alike.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SubtractTraces(ReadOnlySpan<double> Q, int t, int s, double[] K)
    {
        var (pt, ps) = (system.Terms[t].Dimension, system.Terms[s].Dimension);
        var W = BlockProducts(Q, t, s);
        var size = pt * ps;
        for (var x = 0; x < ps; x++)
        {
            for (var b = 0; b < ps; b++)
            {
                for (var c = 0; c < pt; c++)
                {
                    for (var a = 0; a < pt; a++)
                    {
                        var sum = W[a + (x * pt) + ((c + (b * pt)) * size)];
                        if (s == t) sum += W[x + (a * pt) + ((b + (c * pt)) * size)];
                        K[a + (c * pt) + ((b + (x * ps)) * pt * pt)] -= sum;
                    }
                }
            }
        }
    }

    /// <summary>Σ vec(X)vec(X)' over the blocks of two terms; of a term with itself over those below the diagonal and half of those on it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double[] BlockProducts(ReadOnlySpan<double> Q, int t, int s)
    {
        var (pt, ps) = (system.Terms[t].Dimension, system.Terms[s].Dimension);
        var size = pt * ps;
        var (endT, endS) = (system.Offset(t) + (system.Terms[t].LevelCount * pt), system.Offset(s) + (system.Terms[s].LevelCount * ps));
        var W = new double[size * size];
        var stack = new double[size * StackedBlocks];
        var stacked = 0;
        for (var m = system.Offset(s); m < endS; m += ps)
        {
            for (var l = s == t ? m : system.Offset(t); l < endT; l += pt)
            {
                var block = stack.AsSpan(stacked * size, size);
                for (var x = 0; x < ps; x++) Q.Slice(l + ((m + x) * q), pt).CopyTo(block[(x * pt)..]);
                if (s == t && l == m) Vectors.Scale(Math.Sqrt(0.5), block);
                if (++stacked < StackedBlocks) continue;
                Product.AddSymmetricRankUpdate(1, stack, size, false, W, size, size, stacked);
                stacked = 0;
            }
        }

        Product.AddSymmetricRankUpdate(1, stack, size, false, W, size, size, stacked);
        Symmetric.MirrorLower(W, size, size);
        return W;
    }

    private static void AddForm(double[] K, ThetaLayout layout, double[][] DG, int t, int s, Span<double> hessian)
    {
        var (kt, ks) = (layout.Start(t + 1) - layout.Start(t), layout.Start(s + 1) - layout.Start(s));
        var (pt2, ps2) = (DG[t].Length / kt, DG[s].Length / ks);
        var half = new double[kt * ps2];
        Product.Add(1, DG[t], pt2, true, K, pt2, false, half, kt, kt, ps2, pt2);
        var form = new double[kt * ks];
        Product.Add(1, half, kt, false, DG[s], ps2, false, form, kt, kt, ks, ps2);
        for (var l = 0; l < ks; l++)
        {
            for (var k = 0; k < kt; k++)
            {
                hessian[layout.Start(t) + k + ((layout.Start(s) + l) * layout.Count)] += form[k + (l * kt)];
                if (s != t) hessian[layout.Start(s) + l + ((layout.Start(t) + k) * layout.Count)] += form[k + (l * kt)];
            }
        }
    }
}
