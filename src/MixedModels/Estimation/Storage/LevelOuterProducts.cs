using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>Σ_l v_lw_l' over the levels of a term, whose few effects a level stand side by side.</summary>
internal static unsafe class LevelOuterProducts
{
    /// <summary>sum += factor·Σ_l v_lw_l' (p×p).</summary>
    /// <param name="factor">A number.</param>
    /// <param name="v">p numbers a level.</param>
    /// <param name="w">As many.</param>
    /// <param name="p">Effects a level.</param>
    /// <param name="sum">p×p, column-major.</param>
    public static void Add(double factor, ReadOnlySpan<double> v, ReadOnlySpan<double> w, int p, Span<double> sum)
    {
        Debug.Assert(v.Length == w.Length && v.Length % p == 0, "levels come in pairs");
        if (p == 1) sum[0] += factor * Vectors.Dot(v, w);
        else if (p == 2) AddPairs(factor, v, w, sum);
        else Product.Add(factor, v, p, false, w, p, true, sum, p, p, p, v.Length / p);
    }

    /// <summary>Two levels a vector: v·w holds the sums of the diagonal, v·(w with its pairs turned) the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddPairs(double factor, ReadOnlySpan<double> v, ReadOnlySpan<double> w, Span<double> sum)
    {
        Vector256<double> straight = default, turned = default, straightToo = default, turnedToo = default;
        var turn = Vector256.Create(1L, 0, 3, 2);
        var e = 0;
        fixed (double* pv = v, pw = w)
        {
            for (; e + 8 <= v.Length; e += 8)
            {
                Vector256<double> a = Vector256.Load(pv + e), b = Vector256.Load(pw + e), c = Vector256.Load(pv + e + 4), d = Vector256.Load(pw + e + 4);
                straight = Vectors.MultiplyAdd(a, b, straight);
                turned = Vectors.MultiplyAdd(a, Vector256.Shuffle(b, turn), turned);
                straightToo = Vectors.MultiplyAdd(c, d, straightToo);
                turnedToo = Vectors.MultiplyAdd(c, Vector256.Shuffle(d, turn), turnedToo);
            }
        }

        straight += straightToo;
        turned += turnedToo;
        var (s11, s22, s12, s21) = (straight[0] + straight[2], straight[1] + straight[3], turned[0] + turned[2], turned[1] + turned[3]);
        for (; e < v.Length; e += 2)
        {
            s11 += v[e] * w[e];
            s21 += v[e + 1] * w[e];
            s12 += v[e] * w[e + 1];
            s22 += v[e + 1] * w[e + 1];
        }

        sum[0] += factor * s11;
        sum[1] += factor * s21;
        sum[2] += factor * s12;
        sum[3] += factor * s22;
    }
}
