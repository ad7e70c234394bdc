using System.Runtime.CompilerServices;
using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The pairs of border effects that meet in a leading level, each with its place among the entries of a sparse border: what an elimination
/// leaves there, and sums over those entries, are one run over the coupling. Immutable.
/// </summary>
/// <remarks>Pairs come level by level; in a level an entry with itself, then with those after it.</remarks>
internal sealed unsafe class CouplingPairs
{
    private readonly Coupling coupling;
    private readonly int[] places;

    /// <summary>Finds the places, a column of the border at a time. O(pairs).</summary>
    /// <param name="coupling">The coupling.</param>
    /// <param name="pattern">The border's lower triangle, which holds every pair.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public CouplingPairs(Coupling coupling, SparseSymmetric pattern)
    {
        this.coupling = coupling;
        var own = coupling.Pattern;
        var first = FirstPairs(own);
        places = new int[first[^1]];
        var position = new int[pattern.Order];
        for (var j = 0; j < pattern.Order; j++)
        {
            for (var k = pattern.ColumnStarts[j]; k < pattern.ColumnStarts[j + 1]; k++) position[pattern.RowIndices[k]] = k;
            for (var k = own.EffectStart[j]; k < own.EffectStart[j + 1]; k++)
            {
                var entry = own.EntryOfEffect[k];
                var end = own.LevelStart[own.LevelOfEntry[entry] + 1];
                for (int f = entry, pair = first[entry]; f < end; f++, pair++) places[pair] = position[own.Effect[f]];
            }
        }
    }

    /// <summary>values −= A_bl H_lA_lb for every level.</summary>
    /// <param name="values">The entries of the border.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void SubtractEliminated(double[] values)
    {
        var (p, levels) = (coupling.p, coupling.Pattern.LevelStart.Length - 1);
        fixed (int* starts = coupling.Pattern.LevelStart, place = places)
        {
            fixed (double* V = coupling.Values, H = coupling.HValues, target = values)
            {
                var next = place;
                for (var l = 0; l < levels; l++)
                {
                    for (var e = starts[l]; e < starts[l + 1]; e++)
                    {
                        var h = H + ((long)e * p);
                        for (var f = e; f < starts[l + 1]; f++) target[*next++] -= Dot(h, V + ((long)f * p), p);
                    }
                }
            }
        }
    }

    /// <summary>sum += Σ_l D_lA_lb N A_blD_l' (p×p).</summary>
    /// <param name="N">The entries of a symmetric matrix on the border's pattern.</param>
    /// <param name="sum">p×p.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddForms(double[] N, Span<double> sum)
    {
        var (p, levels) = (coupling.p, coupling.Pattern.LevelStart.Length - 1);
        var half = stackalloc double[p];
        fixed (int* starts = coupling.Pattern.LevelStart, place = places)
        {
            fixed (double* D = coupling.DValues, n = N, total = sum)
            {
                var next = place;
                for (var l = 0; l < levels; l++)
                {
                    for (var e = starts[l]; e < starts[l + 1]; e++)
                    {
                        // N[e, f] serves (e, f) and (f, e): half of the entry with itself, all of the others, from both sides.
                        var d = D + ((long)e * p);
                        var weight = 0.5 * n[*next++];
                        for (var a = 0; a < p; a++) half[a] = weight * d[a];
                        for (var f = e + 1; f < starts[l + 1]; f++)
                        {
                            weight = n[*next++];
                            for (var a = 0; a < p; a++) half[a] += weight * D[((long)f * p) + a];
                        }

                        for (var b = 0; b < p; b++)
                        {
                            for (var a = 0; a < p; a++) total[a + (b * p)] += (half[a] * d[b]) + (d[a] * half[b]);
                        }
                    }
                }
            }
        }
    }

    /// <summary>The first pair of every entry, and the number of pairs last.</summary>
    private static int[] FirstPairs(CouplingPattern pattern)
    {
        var first = new int[pattern.Entries + 1];
        for (var l = 0; l + 1 < pattern.LevelStart.Length; l++)
        {
            for (var e = pattern.LevelStart[l]; e < pattern.LevelStart[l + 1]; e++) first[e + 1] = checked(first[e] + pattern.LevelStart[l + 1] - e);
        }

        return first;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Dot(double* x, double* y, int p)
    {
        if (p == 1) return x[0] * y[0];
        var sum = 0.0;
        for (var a = 0; a < p; a++) sum += x[a] * y[a];
        return sum;
    }
}
