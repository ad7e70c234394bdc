using System.Runtime.CompilerServices;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Estimation.Storage;

/// <summary>L'SL and LSL' with L = blockdiag(I ⊗ T_t) for a symmetric sparse S whose pattern holds every pair of levels whole or not at all.</summary>
internal static class SparseBlockScaling
{
    /// <summary>Writes T_t'S_ts T_s (or T_t S_ts T_s') for every stored pair of levels.</summary>
    /// <param name="pattern">The pattern, lower triangle.</param>
    /// <param name="terms">The terms.</param>
    /// <param name="offsets">The first effect of each term.</param>
    /// <param name="T">Lower triangular factors, a term each.</param>
    /// <param name="source">Values of S.</param>
    /// <param name="target">Values of the product; not the source.</param>
    /// <param name="transposeLeft">L'SL where true, LSL' where false.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Congruence(
        SparseSymmetric pattern,
        IReadOnlyList<RandomTermData> terms,
        int[] offsets,
        IReadOnlyList<double[]> T,
        double[] source,
        double[] target,
        bool transposeLeft)
    {
        var termOf = TermOfEffect(terms, offsets);
        var largest = terms.Max(term => term.Dimension);
        var block = new double[largest * largest];
        var half = new double[largest * largest];
        for (var first = 0; first < pattern.Order; first += terms[termOf[first]].Dimension)
        {
            var s = termOf[first];
            var (k, end) = (pattern.ColumnStarts[first], pattern.ColumnStarts[first + 1]);
            while (k < end)
            {
                var row = pattern.RowIndices[k];
                var t = termOf[row];
                var (pt, ps) = (terms[t].Dimension, terms[s].Dimension);
                if (pt == 1 && ps == 1)
                {
                    target[k] = source[k] * T[t][0] * T[s][0];
                }
                else
                {
                    Read(pattern, source, row, first, pt, ps, k - pattern.ColumnStarts[first], block);
                    Multiply(T[t], pt, T[s], ps, block, half, transposeLeft);
                    Write(pattern, target, row, first, pt, ps, k - pattern.ColumnStarts[first], block);
                }

                k += pt;
            }
        }
    }

    private static int[] TermOfEffect(IReadOnlyList<RandomTermData> terms, int[] offsets)
    {
        var termOf = new int[offsets[^1]];
        for (var t = 0; t < terms.Count; t++) termOf.AsSpan(offsets[t]..offsets[t + 1]).Fill(t);
        return termOf;
    }

    /// <summary>Reads the pt×ps block; column c of the level has lost the c rows above its diagonal, so its entries stand c places earlier.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Read(SparseSymmetric pattern, double[] values, int row, int first, int pt, int ps, int place, double[] block)
    {
        for (var c = 0; c < ps; c++)
        {
            var start = pattern.ColumnStarts[first + c] + place - c;
            for (var r = row == first ? c : 0; r < pt; r++)
            {
                block[r + (c * pt)] = values[start + r];
                if (row == first) block[c + (r * pt)] = values[start + r];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Write(SparseSymmetric pattern, double[] values, int row, int first, int pt, int ps, int place, double[] block)
    {
        for (var c = 0; c < ps; c++)
        {
            var start = pattern.ColumnStarts[first + c] + place - c;
            for (var r = row == first ? c : 0; r < pt; r++) values[start + r] = block[r + (c * pt)];
        }
    }

    /// <summary>block := Tt'·block·Ts, or Tt·block·Ts'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(double[] Tt, int pt, double[] Ts, int ps, double[] block, double[] half, bool transposeLeft)
    {
        for (var c = 0; c < ps; c++)
        {
            for (var r = 0; r < pt; r++)
            {
                var sum = 0.0;
                for (var a = 0; a < pt; a++) sum += (transposeLeft ? Tt[a + (r * pt)] : Tt[r + (a * pt)]) * block[a + (c * pt)];
                half[r + (c * pt)] = sum;
            }
        }

        for (var c = 0; c < ps; c++)
        {
            for (var r = 0; r < pt; r++)
            {
                var sum = 0.0;
                for (var a = 0; a < ps; a++) sum += half[r + (a * pt)] * (transposeLeft ? Ts[a + (c * ps)] : Ts[c + (a * ps)]);
                block[r + (c * pt)] = sum;
            }
        }
    }
}
