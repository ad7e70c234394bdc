using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Generalized;

/// <summary>Two grouping factors of which one is nested in the other: which terms are on which, and which rows and fine levels a coarse level has. Immutable.</summary>
internal sealed class NestedLevels
{
    private NestedLevels(int[] fine, int[] coarse, int[][][] rows, int[][] fineOfCoarse) => (Fine, Coarse, Rows, FineOfCoarse) = (fine, coarse, rows, fineOfCoarse);

    /// <summary>The terms on the nested factor.</summary>
    public int[] Fine { get; }

    /// <summary>The terms on the factor it is nested in.</summary>
    public int[] Coarse { get; }

    /// <summary>Coarse level by fine level within it: rows.</summary>
    public int[][][] Rows { get; }

    /// <summary>Coarse level: its fine levels, in the order of <see cref="Rows"/>.</summary>
    public int[][] FineOfCoarse { get; }

    /// <summary>The levels of some terms; null where these are not on two factors of which one is nested in the other.</summary>
    public static NestedLevels? Of(LinearData data)
    {
        if (data.Terms.Count < 2 || data.Terms.Any(term => term.HasSeveralLevels)) return null;
        var first = data.Terms[0];
        bool IsOn(RandomTermData factor, RandomTermData term) => term.LevelOfRow.Span.SequenceEqual(factor.LevelOfRow.Span);
        if (data.Terms.FirstOrDefault(term => !IsOn(first, term)) is not { } second || !data.Terms.All(term => IsOn(first, term) || IsOn(second, term))) return null;
        var (fine, coarse) = IsNested(first, second) ? (first, second) : (second, first);
        if (!IsNested(fine, coarse)) return null;
        int[] On(RandomTermData factor) => [.. Enumerable.Range(0, data.Terms.Count).Where(t => IsOn(factor, data.Terms[t]))];
        return Of(data, On(fine), On(coarse));
    }

    /// <summary>The levels of some rows of the same terms.</summary>
    public NestedLevels OfRows(LinearData rows) => Of(rows, Fine, Coarse);

    private static NestedLevels Of(LinearData data, int[] fineTerms, int[] coarseTerms)
    {
        var (fine, coarse) = (data.Terms[fineTerms[0]], data.Terms[coarseTerms[0]]);
        var rows = Enumerable.Range(0, coarse.LevelCount).Select(_ => new SortedDictionary<int, List<int>>()).ToArray();
        for (var r = 0; r < data.n; r++)
        {
            var own = rows[coarse.LevelOfRow.Span[r]];
            if (!own.TryGetValue(fine.LevelOfRow.Span[r], out var list)) own.Add(fine.LevelOfRow.Span[r], list = []);
            list.Add(r);
        }

        return new(fineTerms, coarseTerms, [.. rows.Select(own => own.Values.Select(list => list.ToArray()).ToArray())], [.. rows.Select(own => own.Keys.ToArray())]);
    }

    private static bool IsNested(RandomTermData fine, RandomTermData coarse)
    {
        var place = new int[fine.LevelCount];
        Array.Fill(place, -1);
        for (var r = 0; r < fine.LevelOfRow.Length; r++)
        {
            ref var own = ref place[fine.LevelOfRow.Span[r]];
            if (own >= 0 && own != coarse.LevelOfRow.Span[r]) return false;
            own = coarse.LevelOfRow.Span[r];
        }

        return true;
    }
}
