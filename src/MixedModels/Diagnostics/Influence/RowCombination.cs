using MixedModels.Estimation.Linear;

namespace MixedModels.Diagnostics.Influence;

/// <summary>Which rows a set takes and how the inverse of their covariance can be had.</summary>
internal enum RowCombination
{
    /// <summary>All rows have the same level in every term: a small covariance of those levels' effects says all.</summary>
    OneLevelEach,

    /// <summary>No row outside shares a level with one inside: the rows are independent of all others.</summary>
    Independent,

    /// <summary>Neither: the rows are tied to others through several levels.</summary>
    Tied,
}

/// <summary>Looks at sets of rows.</summary>
internal static class RowCombinations
{
    /// <summary>The combination of a set of rows.</summary>
    /// <param name="terms">The random terms.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="rowsOfLevel">A term: how many rows each of its levels has in the data.</param>
    public static RowCombination Of(IReadOnlyList<RandomTermData> terms, ReadOnlySpan<int> rows, IReadOnlyList<int[]> rowsOfLevel)
    {
        var isOne = true;
        var isClosed = true;
        for (var t = 0; t < terms.Count; t++)
        {
            var levels = terms[t].LevelOfRow.Span;
            var counts = new Dictionary<int, int>();
            foreach (var row in rows) counts[levels[row]] = counts.GetValueOrDefault(levels[row]) + 1;
            isOne &= counts.Count == 1;
            foreach (var (level, count) in counts) isClosed &= count == rowsOfLevel[t][level];
        }

        return isOne ? RowCombination.OneLevelEach : isClosed ? RowCombination.Independent : RowCombination.Tied;
    }

    /// <summary>A term: how many rows each of its levels has. O(n) a term.</summary>
    public static IReadOnlyList<int[]> Count(IReadOnlyList<RandomTermData> terms)
    {
        var counts = new int[terms.Count][];
        for (var t = 0; t < counts.Length; t++)
        {
            counts[t] = new int[terms[t].LevelCount];
            foreach (var level in terms[t].LevelOfRow.Span) counts[t][level]++;
        }

        return counts;
    }
}
