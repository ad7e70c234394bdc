using System.Runtime.CompilerServices;
using MixedModels.Estimation.Linear;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The cross-products of a model with one grouping factor, level by level: A_l = Z_l'WZ_l and C_l = Z_l'W[X y], where Z holds the
/// columns of all its terms side by side.
/// </summary>
/// <remarks>
/// Rows are taken in the order of their levels, in blocks that stay in the nearest cache. A block begins with a level, and a level that fits
/// into one is not cut, so that levels with the same rows get the same bits.
/// </remarks>
internal sealed partial class LevelCrossProducts
{
    /// <summary>Levels are shared among threads in at most so many parts.</summary>
    private const int MostParts = 16;

    /// <summary>The numbers of a block, 32 kB; fewer where a part has fewer rows.</summary>
    private const int BlockNumbers = 4096;

    private readonly double[]?[] blocks;
    private readonly int[] firstLevel;
    private readonly int[] firstRow;
    private readonly bool isSorted;
    private readonly RandomTermData lead;
    private readonly int[] size;
    private readonly int stride;
    private readonly double[] sums;
    private readonly ThreadTeam? team;
    private int[]? rowsByLevel;

    /// <summary>One pass over the rows, sorted by level.</summary>
    public LevelCrossProducts(SystemRows rows, ThreadTeam? team = null)
    {
        this.team = team;
        lead = rows.Terms[0];
        Levels = lead.LevelCount;
        Columns = new(rows.Terms);
        p = Columns.Count;
        m = rows.m;
        A = new double[Levels * LevelColumns.PackedSize(p)];
        C = new double[Levels * p * m];
        Cross = new double[m * m];
        (size, isSorted) = lead.CountRows();
        var parts = Math.Min(MostParts, Levels);
        (firstLevel, firstRow) = Split(size, parts);
        var most = Enumerable.Range(0, parts).Max(part => firstRow[part + 1] - firstRow[part]);
        stride = Math.Clamp(BlockNumbers / (p + m), 1, Math.Max(1, most)) + 3 & ~3;
        blocks = new double[parts][];
        sums = new double[parts * m * m];
        Fill(rows);
    }

    /// <summary>The number of levels.</summary>
    public int Levels { get; }

    /// <summary>The columns of Z of one level.</summary>
    public LevelColumns Columns { get; }

    /// <summary>Their number.</summary>
    public int p { get; }

    /// <summary>The columns of [X y].</summary>
    public int m { get; }

    /// <summary>A_l, lower triangle by rows, one level after the other.</summary>
    public double[] A { get; }

    /// <summary>Z'W[X y] (q×m), effects numbered term by term.</summary>
    public double[] C { get; }

    /// <summary>[X y]'[X y] (m×m), lower triangle, of the last rows without weights.</summary>
    public double[] Cross { get; }

    /// <summary>The number of parts that threads share.</summary>
    public int Parts => blocks.Length;

    private int[] RowsByLevel => rowsByLevel ??= lead.RowsByLevel();

    /// <summary>Makes all anew from rows of the same levels.</summary>
    public void Fill(SystemRows rows)
    {
        if (!isSorted) _ = RowsByLevel;
        Array.Clear(sums);
        ThreadTeam.Run(team, Parts, part => FillPart(part, rows));
        Array.Clear(Cross);
        for (var part = 0; part < Parts; part++) Vectors.AddScaled(1, sums.AsSpan(part * m * m, m * m), Cross);
    }

    /// <summary>Levels in parts of about as many rows.</summary>
    private static (int[] FirstLevel, int[] FirstRow) Split(int[] size, int parts)
    {
        var levels = new int[parts + 1];
        var rows = new int[parts + 1];
        var total = size.Sum();
        for (int part = 0, level = 0, row = 0; part <= parts; part++)
        {
            while (level < size.Length && (row < (long)part * total / parts || part == parts)) row += size[level++];
            (levels[part], rows[part]) = (level, row);
        }

        return (levels, rows);
    }

    private void FillPart(int part, SystemRows rows)
    {
        var block = blocks[part] ??= new double[(p + m) * stride];
        var sum = sums.AsSpan(part * m * m, m * m);
        for (int level = firstLevel[part], row = firstRow[part]; level < firstLevel[part + 1];)
        {
            var (end, count) = (level, 0);
            while (end < firstLevel[part + 1] && count + size[end] <= stride) count += size[end++];
            if (end > level)
            {
                Take(rows, row, count, block, sum);
                for (var first = 0; level < end; first += size[level++]) AddLevel(level, block, first, size[level], isBegin: true);
                row += count;
                continue;
            }

            for (var done = 0; done < size[level]; done += count)
            {
                count = Math.Min(stride, size[level] - done);
                Take(rows, row + done, count, block, sum);
                AddLevel(level, block, 0, count, isBegin: done == 0);
            }

            row += size[level++];
        }
    }

    /// <summary>Takes a block of rows, and adds what they contribute to [X y]'[X y].</summary>
    private void Take(SystemRows rows, int first, int count, double[] block, Span<double> sum)
    {
        rows.Write(first, count, isSorted ? [] : RowsByLevel, block, stride);
        for (var c = 0; c < m; c++)
        {
            for (var d = c; d < m; d++)
                sum[d + (c * m)] += Vectors.Dot(block.AsSpan((p + c) * stride, count), block.AsSpan((p + d) * stride, count));
        }
    }

    /// <summary>Sets, or adds to, a level's cross-products those of some rows of a block: each column of Z with itself and all columns after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLevel(int level, double[] block, int first, int count, bool isBegin)
    {
        Span<double> products = stackalloc double[p + m + 3];
        ReadOnlySpan<double> columns = block.AsSpan(first);
        var own = A.AsSpan(level * LevelColumns.PackedSize(p));
        for (var i = 0; i < p; i++)
        {
            var z = columns.Slice(i * stride, count);
            var c = i;
            for (; c + 4 <= p + m; c += 4) Vectors.DotFour(z, columns[(c * stride)..], stride, products[c..]);
            for (; c < p + m; c++) products[c] = Vectors.Dot(z, columns.Slice(c * stride, count));
            for (int j = i, e = LevelColumns.PackedIndex(i, i); j < p; e += ++j) own[e] = isBegin ? products[j] : own[e] + products[j];
            for (int side = p, e = Columns.Effect(level, i); side < p + m; side++, e += Levels * p) C[e] = isBegin ? products[side] : C[e] + products[side];
        }
    }
}
