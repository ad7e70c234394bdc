using System.Runtime.CompilerServices;
using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Storage;

/// <summary>A_bb = Z_b'Z_b of the border's terms: each term's own blocks, and each term's cross-products with the terms after it.</summary>
internal sealed class BorderCrossProducts
{
    private readonly int[] offsets;
    private readonly IReadOnlyList<RandomTermData> terms;

    public BorderCrossProducts(IReadOnlyList<RandomTermData> terms, int[] offsets)
    {
        (this.terms, this.offsets) = (terms, offsets);
        Blocks = [.. terms.Select(term => new double[term.LevelCount * term.Dimension * term.Dimension])];
        Among = new TermCrossProducts[Math.Max(0, terms.Count - 1)];
        for (var s = 0; s < Among.Length; s++)
            Among[s] = new(new(terms[s], [.. terms.Skip(s + 1)], offsets.AsSpan(s + 1), offsets[^1]), terms[s].Dimension);
    }

    /// <summary>None, where the effects have no leading term and their cross-products stand elsewhere.</summary>
    public static BorderCrossProducts Empty { get; } = new([], [0]);

    /// <summary>A term: Z_l'Z_l of its levels (p_t×p_t), one after the other.</summary>
    public double[][] Blocks { get; }

    /// <summary>A term: its cross-products with the terms after it.</summary>
    public TermCrossProducts[] Among { get; }

    /// <summary>Writes the entries of a column from the diagonal down; only those that are not structurally zero.</summary>
    /// <param name="term">The term the column belongs to.</param>
    /// <param name="j">The column.</param>
    /// <param name="column">A q2-vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WriteColumn(int term, int j, Span<double> column)
    {
        var p = terms[term].Dimension;
        var (level, i) = Math.DivRem(j - offsets[term], p);
        Blocks[term].AsSpan((level * p * p) + (i * p) + i, p - i).CopyTo(column[j..]);
        if (term >= Among.Length) return;
        var (pattern, values) = (Among[term].Pattern, Among[term].Values);
        for (var e = pattern.LevelStart[level]; e < pattern.LevelStart[level + 1]; e++) column[pattern.Effect[e]] = values[(e * p) + i];
    }

    /// <summary>result += A_bb z for z q2×columns.</summary>
    public void AddProduct(ReadOnlySpan<double> z, int columns, Span<double> result)
    {
        var order = offsets[^1];
        for (var t = 0; t < terms.Count; t++)
        {
            for (var c = 0; c < columns; c++)
                AddBlocks(Blocks[t], terms[t].Dimension, z[((c * order) + offsets[t])..], result[((c * order) + offsets[t])..]);
            if (t >= Among.Length) continue;
            Among[t].AddProduct(Among[t].Values, z, order, columns, result[offsets[t]..], order);
            Among[t].AddTransposedProduct(1, Among[t].Values, z[offsets[t]..], order, columns, result, order);
        }
    }

    /// <summary>Calls back with every entry that is not structurally zero, lower triangle.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Visit(CrossProductVisitor visit)
    {
        for (var t = 0; t < terms.Count; t++)
        {
            var p = terms[t].Dimension;
            for (var j = offsets[t]; j < offsets[t + 1]; j++)
            {
                var (level, column) = Math.DivRem(j - offsets[t], p);
                for (var i = column; i < p; i++) visit(j - column + i, j, Blocks[t][(((level * p) + column) * p) + i]);
                if (t >= Among.Length) continue;
                var pattern = Among[t].Pattern;
                for (var e = pattern.LevelStart[level]; e < pattern.LevelStart[level + 1]; e++)
                    visit(pattern.Effect[e], j, Among[t].Values[(e * p) + column]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddBlocks(ReadOnlySpan<double> blocks, int p, ReadOnlySpan<double> z, Span<double> result)
    {
        for (var first = 0; blocks.Length > 0; first += p)
        {
            for (var j = 0; j < p; j++)
            {
                for (var i = 0; i < p; i++) result[first + i] += blocks[i] * z[first + j];
                blocks = blocks[p..];
            }
        }
    }
}
