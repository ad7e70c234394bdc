using MixedModels.Estimation.Linear;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The cross-products of a model with one grouping factor, level by level: A_l = Z_l'Z_l and C_l = Z_l'[X y], where Z holds the
/// columns of all its terms side by side.
/// </summary>
internal sealed class LevelCrossProducts
{
    /// <summary>Levels are shared among threads in at most so many parts.</summary>
    private const int MostParts = 16;

    /// <summary>One pass over the rows, sorted by level.</summary>
    public LevelCrossProducts(StandardizedData data, ThreadTeam? team = null)
    {
        var terms = data.Data.Terms;
        Levels = terms[0].LevelCount;
        Columns = new(terms);
        p = Columns.Count;
        m = data.Data.p + 1;
        A = new double[Levels * LevelColumns.PackedSize(p)];
        C = new double[Levels * p * m];
        var rowsByLevel = terms[0].IsSorted() ? [] : terms[0].RowsByLevel();
        var size = new int[Levels];
        foreach (var level in terms[0].LevelOfRow.Span) size[level]++;
        var columns = SourceColumns(data);
        var largest = size.Max();
        var parts = Math.Min(MostParts, Levels);
        var firstLevel = Split(size, parts, out var firstRow);
        ThreadTeam.Run(team, parts, part =>
        {
            var gathered = new double[columns.Length * largest];
            var row = firstRow[part];
            for (var level = firstLevel[part]; level < firstLevel[part + 1]; level++)
            {
                var rows = rowsByLevel.Length == 0 ? default : rowsByLevel.AsSpan(row, size[level]);
                AddLevel(level, columns, row, size[level], rows, gathered);
                row += size[level];
            }
        });
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

    /// <summary>Z'[X y] (q×m), effects numbered term by term.</summary>
    public double[] C { get; }

    /// <summary>Levels in parts of about as many rows.</summary>
    private static int[] Split(int[] size, int parts, out int[] firstRow)
    {
        var firstLevel = new int[parts + 1];
        firstRow = new int[parts + 1];
        var total = size.Sum();
        for (int part = 0, level = 0, row = 0; part <= parts; part++)
        {
            while (level < size.Length && (row < (long)part * total / parts || part == parts)) row += size[level++];
            (firstLevel[part], firstRow[part]) = (level, row);
        }

        return firstLevel;
    }

    /// <summary>Rows that stand together in the data are read where they are, others gathered first.</summary>
    /// <param name="level">The level.</param>
    /// <param name="columns">The columns of [Z X y].</param>
    /// <param name="first">The level's first row where all rows come level by level.</param>
    /// <param name="count">Its number of rows.</param>
    /// <param name="rows">The rows where they do not, else empty.</param>
    /// <param name="gathered">Room for the columns of the rows.</param>
    private void AddLevel(int level, ArraySegment<double>[] columns, int first, int count, ReadOnlySpan<int> rows, double[] gathered)
    {
        if (count == 0) return;
        if (!rows.IsEmpty) first = rows[0];
        var together = rows.IsEmpty || rows[^1] - first == count - 1;
        for (var c = 0; !together && c < columns.Length; c++)
        {
            var column = columns[c].AsSpan();
            for (var r = 0; r < count; r++) gathered[r + (c * count)] = column[rows[r]];
        }

        var (q, e) = (Levels * p, level * LevelColumns.PackedSize(p));
        for (var i = 0; i < p; i++)
        {
            var z = Own(i);
            for (var j = 0; j <= i; j++) A[e++] = Vectors.Dot(z, Own(j));
            var effect = Columns.Effect(level, i);
            for (var c = 0; c < m; c++) C[effect + (c * q)] = Vectors.Dot(z, Own(p + c));
        }

        ReadOnlySpan<double> Own(int c) => together ? columns[c].AsSpan(first, count) : gathered.AsSpan(c * count, count);
    }

    /// <summary>The columns of [Z X y].</summary>
    private static ArraySegment<double>[] SourceColumns(StandardizedData data)
    {
        var n = data.Data.n;
        var columns = new List<ArraySegment<double>>();
        for (var t = 0; t < data.Z.Length; t++)
        {
            for (var i = 0; i < data.Data.Terms[t].Dimension; i++) columns.Add(new(data.Z[t], i * n, n));
        }

        for (var c = 0; c < data.Data.p; c++) columns.Add(new(data.Q, c * n, n));
        columns.Add(data.y);
        return [.. columns];
    }
}
