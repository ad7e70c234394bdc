using System.Runtime.CompilerServices;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>Products with L = blockdiag(I ⊗ T_t) from either side; T is lower triangular, so each is done in place.</summary>
/// <remarks>A T of one column is the scalar case and costs one multiplication an entry.</remarks>
internal static class BlockScaling
{
    /// <summary>
    /// The columns of one level of S := L'SL, or LSL', for symmetric S of order n whose lower triangle is given; they depend on no
    /// other columns. The level's own block is left whole, with both its triangles.
    /// </summary>
    /// <param name="S">n×n.</param>
    /// <param name="n">Order.</param>
    /// <param name="term">The term of the level.</param>
    /// <param name="first">The first effect of the level.</param>
    /// <param name="terms">All terms.</param>
    /// <param name="offsets">The first effect of each.</param>
    /// <param name="T">Their factors.</param>
    /// <param name="transposeLeft">L'SL where true, LSL' where false.</param>
    public static void Congruence(
        Span<double> S, int n, int term, int first, IReadOnlyList<RandomTermData> terms, ReadOnlySpan<int> offsets, IReadOnlyList<double[]> T, bool transposeLeft)
    {
        var p = terms[term].Dimension;
        Symmetric.MirrorLower(S[((first * n) + first)..], p, n);
        CombineColumns(S[((first * n) + first)..], n, n - first, T[term], p, transposeLeft);

        for (var j = first; j < first + p; j++)
        {
            for (var t = term; t < terms.Count; t++)
            {
                var from = t == term ? first : offsets[t];
                ScaleSegment(S.Slice((j * n) + from, offsets[t + 1] - from), terms[t].Dimension, T[t], transposeLeft);
            }
        }
    }

    /// <summary>B := LB, or L'B, for B n×columns.</summary>
    public static void ScaleRows(
        Span<double> B, int n, int columns, IReadOnlyList<RandomTermData> terms, ReadOnlySpan<int> offsets, IReadOnlyList<double[]> T, bool transpose)
    {
        for (var c = 0; c < columns; c++)
        {
            var column = B.Slice(c * n, n);
            for (var t = 0; t < terms.Count; t++)
                ScaleSegment(column[offsets[t]..offsets[t + 1]], terms[t].Dimension, T[t], transpose);
        }
    }

    /// <summary>Every level's part b of a column: T b or T'b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleSegment(Span<double> segment, int p, double[] T, bool transpose)
    {
        if (p == 1)
        {
            Vectors.Scale(T[0], segment);
            return;
        }

        for (var block = 0; block < segment.Length; block += p)
        {
            if (transpose) MultiplyTransposed(T, p, segment.Slice(block, p));
            else Multiply(T, p, segment.Slice(block, p));
        }
    }

    /// <summary>S := ST, from the first column on, or ST', from the last column back, so that the columns still needed are as they were.</summary>
    private static void CombineColumns(Span<double> S, int n, int rows, double[] T, int p, bool byT)
    {
        for (var step = 0; step < p; step++)
        {
            var i = byT ? step : p - 1 - step;
            var column = S.Slice(i * n, rows);
            Vectors.Scale(T[i * (p + 1)], column);
            for (var a = byT ? i + 1 : 0; a < (byT ? p : i); a++)
                Vectors.AddScaled(byT ? T[a + (i * p)] : T[i + (a * p)], S.Slice(a * n, rows), column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(double[] T, int p, Span<double> b)
    {
        for (var i = p - 1; i >= 0; i--)
        {
            var sum = 0.0;
            for (var a = 0; a <= i; a++) sum += T[i + (a * p)] * b[a];
            b[i] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTransposed(double[] T, int p, Span<double> b)
    {
        for (var i = 0; i < p; i++)
        {
            var sum = 0.0;
            for (var a = i; a < p; a++) sum += T[a + (i * p)] * b[a];
            b[i] = sum;
        }
    }
}
