using System.Diagnostics;
using MixedModels.Covariance;
using MixedModels.Design;

namespace MixedModels.Estimation.Linear;

/// <summary>One random-effects term as numbers: Z row by row and the level each row belongs to.</summary>
/// <remarks>
/// A row may belong to several levels, or to none: then Z and the levels have an entry for each row and level, and
/// <paramref name="RowStart"/> says which entries are a row's.
/// </remarks>
/// <param name="Structure">The covariance of a level's effects; its dimension is the term's number of columns.</param>
/// <param name="LevelCount">The number of levels.</param>
/// <param name="LevelOfRow">n zero-based levels; an entry each where rows have several.</param>
/// <param name="Z">n×p_t, column-major; a row for each entry where rows have several.</param>
/// <param name="RowStart">The first entry of each row, and their number last; empty where every row is one entry.</param>
internal sealed record RandomTermData(
    CovarianceStructure Structure, int LevelCount, ReadOnlyMemory<int> LevelOfRow, ReadOnlyMemory<double> Z, ReadOnlyMemory<int> RowStart = default)
{
    /// <summary>Whether rows may belong to several levels or to none.</summary>
    public bool HasSeveralLevels => !RowStart.IsEmpty;

    /// <summary>The entries of a row.</summary>
    public (int First, int End) Entries(int row) => RowStart.IsEmpty ? (row, row + 1) : (RowStart.Span[row], RowStart.Span[row + 1]);

    /// <summary>p_t, the random effects of one level.</summary>
    public int Dimension => Structure.Dimension;

    /// <summary>Whether the rows come level by level, so that sorting them changes nothing.</summary>
    public bool IsSorted()
    {
        var levels = LevelOfRow.Span;
        for (var r = 1; r < levels.Length; r++)
        {
            if (levels[r] < levels[r - 1]) return false;
        }

        return true;
    }

    /// <summary>The number of rows of every level, and whether the rows come level by level.</summary>
    public (int[] Size, bool IsSorted) CountRows()
    {
        var (size, isSorted) = (new int[LevelCount], true);
        var levels = LevelOfRow.Span;

        // A run of rows of one level is counted at once: adding them one by one waits for each sum.
        for (int first = 0, r = 1; first < levels.Length; first = r++)
        {
            while (r < levels.Length && levels[r] == levels[first]) r++;
            size[levels[first]] += r - first;
            isSorted &= r == levels.Length || levels[r] > levels[first];
        }

        return (size, isSorted);
    }

    /// <summary>The term of some rows of one level each, whose levels are counted anew in the order in which they come.</summary>
    public RandomTermData OfRows(ReadOnlySpan<int> rows)
    {
        Debug.Assert(!HasSeveralLevels, "rows of several levels do not come apart");
        var (place, levels) = (new Dictionary<int, int>(), new int[rows.Length]);
        for (var i = 0; i < rows.Length; i++)
        {
            var level = LevelOfRow.Span[rows[i]];
            if (!place.TryGetValue(level, out levels[i])) place.Add(level, levels[i] = place.Count);
        }

        return this with { LevelCount = place.Count, LevelOfRow = levels, Z = StandardizedColumns.Taken(Z.Span, LevelOfRow.Length, rows) };
    }

    /// <summary>Row numbers sorted by level, rows of one level in their order. O(n).</summary>
    public int[] RowsByLevel()
    {
        if (IsSorted()) return [.. Enumerable.Range(0, LevelOfRow.Length)];
        var levels = LevelOfRow.Span;
        var next = new int[LevelCount + 1];
        foreach (var level in levels) next[level + 1]++;
        for (var l = 0; l < LevelCount; l++) next[l + 1] += next[l];
        var rows = new int[levels.Length];
        for (var i = 0; i < levels.Length; i++) rows[next[levels[i]]++] = i;
        return rows;
    }
}

/// <summary>A linear mixed model's data as numbers, in the user's units. Immutable.</summary>
/// <param name="n">Rows.</param>
/// <param name="p">Columns of X, linearly independent.</param>
/// <param name="y">n responses less their offsets.</param>
/// <param name="X">n×p, column-major.</param>
/// <param name="Weights">n positive precision weights, or empty where all are 1.</param>
/// <param name="Terms">The random terms; empty for an ordinary linear model.</param>
internal sealed record LinearData(
    int n, int p, ReadOnlyMemory<double> y, ReadOnlyMemory<double> X, ReadOnlyMemory<double> Weights, IReadOnlyList<RandomTermData> Terms)
{
    /// <summary>Whether rows have a residual variance beside the random effects.</summary>
    public bool HasResidual { get; init; } = true;

    /// <summary>The numbers of a design: here names and strings end.</summary>
    public static LinearData From(ModelDesign design)
    {
        var response = WithoutOffset(design.Response, design.Offset.Span);
        Debug.Assert(response.Length > design.Fixed.ColumnNames.Count, "the design refuses a fixed part that leaves no residual");
        var terms = design.RandomTerms.Select(Numbers);
        return new(response.Length, design.Fixed.ColumnNames.Count, response, design.Fixed.X, design.Weights, [.. terms]) { HasResidual = design.HasFreeResidual };
    }

    private static RandomTermData Numbers(RandomTermDesign term)
    {
        var structure = CovarianceCatalogue.Create(term.Structure, term.ColumnNames.Count, term.Rank, term.Positions.Span);
        return term.Memberships is { } memberships
            ? new(structure, term.Levels.Count, memberships.Levels, memberships.Expand(term.Z.Span), memberships.RowStart)
            : new(structure, term.Levels.Count, term.LevelOfRow, term.Z);
    }

    private static ReadOnlyMemory<double> WithoutOffset(ReadOnlyMemory<double> response, ReadOnlySpan<double> offset)
    {
        if (offset.IsEmpty) return response;
        var difference = response.ToArray();
        for (var r = 0; r < offset.Length; r++) difference[r] -= offset[r];
        return difference;
    }
}
