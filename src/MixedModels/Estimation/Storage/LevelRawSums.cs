using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// All sums over the levels of one grouping factor that a deviance and its derivatives are made of, in one pass over the lanes: what depends on the
/// fixed effects is kept apart by pairs of columns of [X y], so that these may be found afterwards. Immutable.
/// </summary>
/// <remarks>
/// With V_l = Z_l'V0⁻¹[X y] and T_cd = V_cV_d' + V_dV_c' (V_cV_c' where c = d), S_l = Σ kappa_cd T_cd over c ≥ d for the kappa of
/// <see cref="AtFixedEffects"/>, so that Σ_l B_l ⊗ S_l follows from Σ_l B_l ⊗ T_cd.
/// </remarks>
internal sealed unsafe class LevelRawSums
{
    /// <summary>More sums than these cost more than a second pass over the lanes.</summary>
    private const int MostSums = 128;

    private readonly int m;
    private readonly int p;
    private readonly int pairs;
    private readonly int s;
    private readonly double[] totals;

    /// <summary>Sums over all lanes at the kernels' T.</summary>
    public LevelRawSums(LevelLanes lanes, LevelSums over)
    {
        (p, m, s, pairs) = (lanes.p, lanes.m, lanes.s, LevelColumns.PackedSize(lanes.m));
        var count = Count(p, m);
        totals = over.Over(count, s, (kernel, block, sums) =>
        {
            sums[pairs] += kernel.Eliminate(block, sums);
            kernel.DifferentiateFactored(block);
            AddBlock(kernel, block[s + (p * m)], sums, sums + count);
        });
    }

    /// <summary>Σ C_l'H_lC_l, lower triangle packed by rows, and then Σ log|M_l|.</summary>
    public ReadOnlySpan<double> Elimination => totals.AsSpan(0, pairs + 1);

    private ReadOnlySpan<double> SumB => totals.AsSpan(pairs + 1, s);

    /// <summary>Σ_l B_l[e] B_l[f] at e + f·s.</summary>
    private ReadOnlySpan<double> Squares => totals.AsSpan(pairs + 1 + s, s * s);

    /// <summary>Σ_l vec(V_l)vec(V_l)', packed.</summary>
    private ReadOnlySpan<double> Products => totals.AsSpan(pairs + 1 + s + (s * s), LevelColumns.PackedSize(p * m));

    /// <summary>Σ_l B_l[e] T_cd[f] at e + s(f + s·pair).</summary>
    private ReadOnlySpan<double> Mixed => totals.AsSpan(pairs + 1 + s + (s * s) + LevelColumns.PackedSize(p * m));

    /// <summary>Whether one pass is cheaper than two.</summary>
    public static bool IsCheaper(int p, int m) => Count(p, m) <= MostSums;

    /// <summary>
    /// Σ B_l, Σ S_l, Σ B_l[e] (2S_l − B_l)[f] and Σ vec(v_l)vec(v_l)' for v_l = V_lM and S_l = v_l·diag(weights)·v_l'.
    /// </summary>
    /// <param name="M">m×m, column-major.</param>
    /// <param name="weights">m numbers.</param>
    public double[] AtFixedEffects(ReadOnlySpan<double> M, ReadOnlySpan<double> weights)
    {
        var result = new double[(2 * s) + (s * s) + LevelColumns.PackedSize(p * m)];
        SumB.CopyTo(result);
        var kappa = new double[pairs];
        for (int c = 0, pair = 0; c < m; c++)
        {
            for (var d = 0; d <= c; d++, pair++)
            {
                for (var x = 0; x < m; x++) kappa[pair] += weights[x] * M[c + (x * m)] * M[d + (x * m)];
            }
        }

        for (var ef = 0; ef < s * s; ef++)
        {
            var sum = 0.0;
            for (var pair = 0; pair < pairs; pair++) sum += kappa[pair] * Mixed[ef + (pair * s * s)];
            result[(2 * s) + ef] = (2 * sum) - Squares[ef];
        }

        var products = Transformed(M);
        var n = p * m;
        for (int i = 0, e = (2 * s) + (s * s); i < n; i++)
        {
            for (var j = 0; j <= i; j++) result[e++] = products[i + (j * n)];
        }

        for (int i = 0, e = s; i < p; i++)
        {
            for (var j = 0; j <= i; j++, e++)
            {
                for (var x = 0; x < m; x++) result[e] += weights[x] * products[i + (x * p) + ((j + (x * p)) * n)];
            }
        }

        return result;
    }

    private static int Count(int p, int m)
    {
        var triangle = LevelColumns.PackedSize(p);
        return LevelColumns.PackedSize(m) + 1 + triangle + (triangle * triangle) + LevelColumns.PackedSize(p * m) + (triangle * triangle * LevelColumns.PackedSize(m));
    }

    /// <summary>Σ vec(V_lM)vec(V_lM)' (pm×pm).</summary>
    private double[] Transformed(ReadOnlySpan<double> M)
    {
        var n = p * m;
        var (half, full) = (new double[n * n], new double[n * n]);
        for (var row = 0; row < n; row++)
        {
            for (var column = 0; column < n; column++)
            {
                var (b, y) = (column % p, column / p);
                for (var d = 0; d < m; d++) half[row + (column * n)] += Products[LevelColumns.PackedIndex(row, b + (d * p))] * M[d + (y * m)];
            }
        }

        for (var row = 0; row < n; row++)
        {
            var (a, x) = (row % p, row / p);
            for (var column = 0; column < n; column++)
            {
                for (var c = 0; c < m; c++) full[row + (column * n)] += M[c + (x * m)] * half[a + (c * p) + (column * n)];
            }
        }

        return full;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddBlock(LevelKernel kernel, Vector512<double> multiplicity, Vector512<double>* sums, Vector512<double>* weighted)
    {
        Vector512<double>* B = kernel.B, V = kernel.V;
        sums += pairs + 1;
        for (var e = 0; e < s; e++)
        {
            weighted[e] = multiplicity * B[e];
            sums[e] += weighted[e];
        }

        sums += s;
        for (var f = 0; f < s; f++, sums += s)
        {
            for (var e = 0; e < s; e++) sums[e] = Vector512.MultiplyAddEstimate(B[e], weighted[f], sums[e]);
        }

        for (var i = 0; i < p * m; i++)
        {
            for (var j = 0; j <= i; j++, sums++) sums[0] = Vector512.MultiplyAddEstimate(V[i], V[j], sums[0]);
        }

        for (var c = 0; c < m; c++)
        {
            for (var d = 0; d <= c; d++)
            {
                Vector512<double>* first = V + (c * p), second = V + (d * p);
                for (var i = 0; i < p; i++)
                {
                    for (var j = 0; j <= i; j++, sums += s)
                    {
                        var t = first[i] * second[j];
                        if (c != d) t = Vector512.MultiplyAddEstimate(first[j], second[i], t);
                        for (var e = 0; e < s; e++) sums[e] = Vector512.MultiplyAddEstimate(B[e], t, sums[e]);
                    }
                }
            }
        }
    }
}
