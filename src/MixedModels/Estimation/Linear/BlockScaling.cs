using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>Products with L = blockdiag(I ⊗ T_t) from either side; T is lower triangular, so each is done in place.</summary>
/// <remarks>A T of one column is the scalar case and costs one multiplication an entry.</remarks>
internal static class BlockScaling
{
    /// <summary>S := L'SL for symmetric S (lower triangle read and written), order n.</summary>
    public static void ScaleBothSides(
        Span<double> S, int n, IReadOnlyList<RandomTermData> terms, ReadOnlySpan<int> offsets, IReadOnlyList<double[]> T)
    {
        if (AllScalar(terms))
        {
            var scales = Scales(n, terms, offsets, T);
            for (var j = 0; j < n; j++)
            {
                var column = S.Slice(j * n, n);
                for (var i = j; i < n; i++) column[i] *= scales[i] * scales[j];
            }

            return;
        }

        Symmetric.MirrorLower(S, n, n);
        ScaleRows(S, n, n, terms, offsets, T, transpose: true);
        ScaleColumnsTransposed(S, n, terms, offsets, T);
    }

    /// <summary>B := LB, or L'B, for B n×columns.</summary>
    public static void ScaleRows(
        Span<double> B, int n, int columns, IReadOnlyList<RandomTermData> terms, ReadOnlySpan<int> offsets, IReadOnlyList<double[]> T, bool transpose)
    {
        for (var c = 0; c < columns; c++)
        {
            var column = B.Slice(c * n, n);
            for (var t = 0; t < terms.Count; t++)
            {
                var p = terms[t].Dimension;
                if (p == 1)
                {
                    Vectors.Scale(T[t][0], column[offsets[t]..offsets[t + 1]]);
                    continue;
                }

                for (var block = offsets[t]; block < offsets[t + 1]; block += p)
                {
                    if (transpose) MultiplyTransposed(T[t], p, column.Slice(block, p));
                    else Multiply(T[t], p, column.Slice(block, p));
                }
            }
        }
    }

    /// <summary>S := SL' for square S, order n.</summary>
    public static void ScaleColumns(Span<double> S, int n, IReadOnlyList<RandomTermData> terms, ReadOnlySpan<int> offsets, IReadOnlyList<double[]> T)
    {
        for (var t = 0; t < terms.Count; t++)
        {
            var p = terms[t].Dimension;
            for (var block = offsets[t]; block < offsets[t + 1]; block += p)
            {
                // Column i of SL' is Σ_{a ≤ i} T[i, a] S_a: from the last column back, so that the earlier ones are still S.
                for (var i = p - 1; i >= 0; i--) Combine(S, n, block, i, 0, i, a => T[t][i + (a * p)]);
            }
        }
    }

    private static void ScaleColumnsTransposed(Span<double> S, int n, IReadOnlyList<RandomTermData> terms, ReadOnlySpan<int> offsets, IReadOnlyList<double[]> T)
    {
        for (var t = 0; t < terms.Count; t++)
        {
            var p = terms[t].Dimension;
            for (var block = offsets[t]; block < offsets[t + 1]; block += p)
            {
                // Column i of SL is Σ_{a ≥ i} T[a, i] S_a: from the first column on.
                for (var i = 0; i < p; i++) Combine(S, n, block, i, i, p - 1, a => T[t][a + (i * p)]);
            }
        }
    }

    private static void Combine(Span<double> S, int n, int block, int target, int from, int to, Func<int, double> coefficient)
    {
        var column = S.Slice((block + target) * n, n);
        Vectors.Scale(coefficient(target), column);
        for (var a = from; a <= to; a++)
        {
            if (a != target) Vectors.AddScaled(coefficient(a), S.Slice((block + a) * n, n), column);
        }
    }

    private static void Multiply(double[] T, int p, Span<double> b)
    {
        for (var i = p - 1; i >= 0; i--)
        {
            var sum = 0.0;
            for (var a = 0; a <= i; a++) sum += T[i + (a * p)] * b[a];
            b[i] = sum;
        }
    }

    private static void MultiplyTransposed(double[] T, int p, Span<double> b)
    {
        for (var i = 0; i < p; i++)
        {
            var sum = 0.0;
            for (var a = i; a < p; a++) sum += T[a + (i * p)] * b[a];
            b[i] = sum;
        }
    }

    private static bool AllScalar(IReadOnlyList<RandomTermData> terms)
    {
        foreach (var term in terms)
        {
            if (term.Dimension > 1) return false;
        }

        return true;
    }

    private static double[] Scales(int n, IReadOnlyList<RandomTermData> terms, ReadOnlySpan<int> offsets, IReadOnlyList<double[]> T)
    {
        var scales = new double[n];
        for (var t = 0; t < terms.Count; t++) scales.AsSpan(offsets[t]..offsets[t + 1]).Fill(T[t][0]);
        return scales;
    }
}
