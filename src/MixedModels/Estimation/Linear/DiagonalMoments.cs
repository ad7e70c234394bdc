using System.Runtime.CompilerServices;
using MixedModels.Estimation.Storage;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The moments of <see cref="HessianMoments"/> for two terms whose dG_k are all diagonal, as those of `diag` and of terms of one effect are: p_t×p_s
/// numbers from one pass over the block Q_ts, in the place of p_t²×p_s².
/// </summary>
/// <remarks>With X = Q_lm: K[a, b] = Σ_lm factor·w_l[a] X[a, b] w_m[b] − X[a, b]².</remarks>
internal static class DiagonalMoments
{
    /// <summary>Whether all dG_k of a term are diagonal.</summary>
    /// <param name="DG">vec(dG_k), a column each.</param>
    /// <param name="p">The effects of a level.</param>
    public static bool Suffice(ReadOnlySpan<double> DG, int p)
    {
        for (var e = 0; e < DG.Length; e++)
        {
            if (DG[e] != 0 && e % (p * p) % (p + 1) != 0) return false;
        }

        return true;
    }

    /// <summary>Adds factor·(E_kw)'Q(E_lw) − tr(Q E_kQ E_l) for the parameters k of a term t and l of a term s, and its transpose for t ≠ s.</summary>
    public static void Add(
        PenalizedSystem system, ReadOnlySpan<double> Q, ReadOnlySpan<double> w, double factor, ThetaLayout layout, double[][] DG, int t, int s, Span<double> hessian)
    {
        var (pt, ps, count) = (system.Terms[t].Dimension, system.Terms[s].Dimension, layout.Count);
        var K = Moments(system, Q, w, factor, t, s);
        for (var l = layout.Start(s); l < layout.Start(s + 1); l++)
        {
            var right = DG[s].AsSpan((l - layout.Start(s)) * ps * ps, ps * ps);
            for (var k = layout.Start(t); k < layout.Start(t + 1); k++)
            {
                var left = DG[t].AsSpan((k - layout.Start(t)) * pt * pt, pt * pt);
                var sum = 0.0;
                for (var b = 0; b < ps; b++)
                {
                    for (var a = 0; a < pt; a++) sum += left[a * (pt + 1)] * K[a + (b * pt)] * right[b * (ps + 1)];
                }

                hessian[k + (l * count)] += sum;
                if (s != t) hessian[l + (k * count)] += sum;
            }
        }
    }

    private static double[] Moments(PenalizedSystem system, ReadOnlySpan<double> Q, ReadOnlySpan<double> w, double factor, int t, int s)
    {
        var (pt, ps, q) = (system.Terms[t].Dimension, system.Terms[s].Dimension, system.q);
        var rows = system.Terms[t].LevelCount * pt;
        var own = w.Slice(system.Offset(t), rows);
        var K = new double[pt * ps];
        Span<double> squares = new double[pt];
        Span<double> products = new double[pt];
        for (int j = system.Offset(s), b = 0; j < system.Offset(s + 1); j++, b = b + 1 < ps ? b + 1 : 0)
        {
            squares.Clear();
            products.Clear();
            AddColumn(Q.Slice((j * q) + system.Offset(t), rows), own, squares, products);
            for (var a = 0; a < pt; a++) K[a + (b * pt)] += (factor * w[j] * products[a]) - squares[a];
        }

        return K;
    }

    /// <summary>Adds the squares of a column, and its products with w, by effect.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddColumn(ReadOnlySpan<double> column, ReadOnlySpan<double> w, Span<double> squares, Span<double> products)
    {
        var p = squares.Length;
        products = products[..p];
        while (column.Length >= p && w.Length >= p)
        {
            for (var a = 0; a < squares.Length; a++)
            {
                squares[a] += column[a] * column[a];
                products[a] += column[a] * w[a];
            }

            column = column[p..];
            w = w[p..];
        }
    }
}
