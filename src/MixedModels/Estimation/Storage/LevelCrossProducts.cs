using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The cross-products of a model with one grouping factor, level by level: A_l = Z_l'WZ_l and C_l = Z_l'W[X y], where Z holds the
/// columns of all its terms side by side.
/// </summary>
internal sealed partial class LevelCrossProducts
{
    /// <summary>Levels are shared among threads in at most so many parts.</summary>
    private const int MostParts = 16;

    private readonly int[] firstLevel;
    private readonly int[] firstRow;
    private readonly double[]?[] gathered;
    private readonly int largest;
    private readonly int[] rowsByLevel;
    private readonly int[] size;
    private readonly ThreadTeam? team;

    /// <summary>One pass over the rows, sorted by level.</summary>
    public LevelCrossProducts(SystemRows rows, ThreadTeam? team = null)
    {
        this.team = team;
        var lead = rows.Terms[0];
        Levels = lead.LevelCount;
        Columns = new(rows.Terms);
        p = Columns.Count;
        m = rows.m;
        A = new double[Levels * LevelColumns.PackedSize(p)];
        C = new double[Levels * p * m];
        rowsByLevel = lead.RowsByLevel();
        size = new int[Levels];
        foreach (var level in lead.LevelOfRow.Span) size[level]++;
        largest = size.Max();
        var parts = Math.Min(MostParts, Levels);
        gathered = new double[parts][];
        (firstLevel, firstRow) = Split(size, parts);
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

    /// <summary>The number of parts that threads share.</summary>
    public int Parts => gathered.Length;

    /// <summary>Makes all anew from rows of the same levels.</summary>
    public void Fill(SystemRows rows) => ThreadTeam.Run(team, Parts, part =>
    {
        for (int level = firstLevel[part], row = firstRow[part]; level < firstLevel[part + 1]; row += size[level++])
            AddLevel(level, rows, rowsByLevel.AsSpan(row, size[level]), part);
    });

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

    /// <summary>Rows that stand together in the data are read where they are, others gathered first.</summary>
    private void AddLevel(int level, SystemRows source, ReadOnlySpan<int> rows, int part)
    {
        var count = rows.Length;
        var first = count == 0 ? 0 : rows[0];
        var together = count == 0 || rows[^1] - first == count - 1;
        var buffer = together ? [] : gathered[part] ??= new double[(p + m) * largest];
        if (!together) Gather(source.Columns, rows, buffer);
        var (q, e) = (Levels * p, level * LevelColumns.PackedSize(p));
        for (var i = 0; i < p; i++)
        {
            var z = together ? source.Columns[i].AsSpan(first, count) : buffer.AsSpan(i * count, count);
            for (var j = 0; j <= i; j++) A[e++] = Vectors.Dot(z, together ? source.Columns[j].AsSpan(first, count) : buffer.AsSpan(j * count, count));
            var effect = Columns.Effect(level, i);
            for (var c = p; c < p + m; c++)
                C[effect + ((c - p) * q)] = Vectors.Dot(z, together ? source.Columns[c].AsSpan(first, count) : buffer.AsSpan(c * count, count));
        }
    }

    private static void Gather(ReadOnlySpan<ArraySegment<double>> columns, ReadOnlySpan<int> rows, Span<double> target)
    {
        foreach (var column in columns)
        {
            ReadOnlySpan<double> source = column;
            for (var r = 0; r < rows.Length; r++) target[r] = source[rows[r]];
            target = target[rows.Length..];
        }
    }
}
