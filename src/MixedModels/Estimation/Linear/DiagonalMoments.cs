using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

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
        var K = new double[pt * ps];
        var own = new double[t == s ? pt * pt : 0];
        Span<double> squares = new double[pt];
        Span<double> products = new double[pt];
        for (int j = system.Offset(s), b = 0; j < system.Offset(s + 1); j++, b = b + 1 < ps ? b + 1 : 0)
        {
            // Of a term with itself the levels below, which count twice, and the level's own block.
            var first = t == s ? j - b + pt : system.Offset(t);
            SumColumn(Q[((j * q) + first)..((j * q) + system.Offset(t + 1))], w[first..system.Offset(t + 1)], squares, products);
            for (var a = 0; a < pt; a++) K[a + (b * pt)] += (factor * w[j] * products[a]) - squares[a];
            if (t == s) AddOwnLevel(Q.Slice((j * q) + j - b, pt), w.Slice(j - b, pt), factor * w[j], own.AsSpan(b * pt, pt));
        }

        if (t != s) return K;
        for (var b = 0; b < pt; b++)
        {
            for (var a = 0; a < pt; a++) own[a + (b * pt)] += K[a + (b * pt)] + K[b + (a * pt)];
        }

        return own;
    }

    private static void AddOwnLevel(ReadOnlySpan<double> column, ReadOnlySpan<double> w, double factor, Span<double> K)
    {
        for (var a = 0; a < K.Length; a++) K[a] += (factor * column[a] * w[a]) - (column[a] * column[a]);
    }

    /// <summary>Writes, for each effect of a level, the squares of a column and its products with w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void SumColumn(ReadOnlySpan<double> column, ReadOnlySpan<double> w, Span<double> squares, Span<double> products)
    {
        var p = squares.Length;
        fixed (double* x = column, v = w)
        {
            var a = 0;
            for (; a + 4 <= p; a += 4)
            {
                var (square, product) = (Vector256<double>.Zero, Vector256<double>.Zero);
                for (var i = a; i < column.Length; i += p)
                {
                    var own = Vector256.Load(x + i);
                    square = Vectors.MultiplyAdd(own, own, square);
                    product = Vectors.MultiplyAdd(own, Vector256.Load(v + i), product);
                }

                square.CopyTo(squares[a..]);
                product.CopyTo(products[a..]);
            }

            for (; a < p; a++)
            {
                (squares[a], products[a]) = (0, 0);
                for (var i = a; i < column.Length; i += p)
                {
                    squares[a] += x[i] * x[i];
                    products[a] += x[i] * v[i];
                }
            }
        }
    }
}
