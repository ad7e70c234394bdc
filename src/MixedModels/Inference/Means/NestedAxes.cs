using MixedModels.Design;

namespace MixedModels.Inference.Means;

/// <summary>
/// Which factors of a reference grid are nested in which: each level of the one occurs with one level of the other, so that it means something there alone. Immutable.
/// </summary>
/// <remarks>
/// The rule is that of R's emmeans. Combinations that contradict it are not in the grid, and equal weights are equal within a nest: a factor is averaged over inside each level of the factor it is nested in, and
/// then over these.
/// </remarks>
internal sealed class NestedAxes
{
    private readonly Dictionary<GridAxis, List<(GridAxis Nest, int[] NestOfLevel)>> nests = [];

    /// <summary>Finds them in the rows of a design. O(rows × pairs of factors).</summary>
    public NestedAxes(ModelDesign design, IReadOnlyList<GridAxis> axes)
    {
        GridAxis[] factors = [.. axes.Where(axis => axis.IsCategorical && axis.Labels.Count > 1)];
        foreach (var axis in factors)
        {
            var own = new List<(GridAxis, int[])>();
            foreach (var other in factors)
            {
                // Two names of one thing are nested one way only.
                if (other == axis || (nests.TryGetValue(other, out var theirs) && theirs.Exists(nest => nest.Nest == axis))) continue;
                if (NestOfLevel(design, axis, other) is { } places) own.Add((other, places));
            }

            if (own.Count > 0) nests.Add(axis, own);
        }
    }

    /// <summary>Whether there is any.</summary>
    public bool IsEmpty => nests.Count == 0;

    /// <summary>The nestings in words, such as <c>drug in route</c>.</summary>
    public IEnumerable<string> Words => nests.Select(entry => $"{entry.Key.Name} in {string.Join(" and ", entry.Value.Select(nest => nest.Nest.Name))}");

    /// <summary>Factors with those they are nested in behind them, each once; those that stand elsewhere are left out.</summary>
    public GridAxis[] WithNests(IReadOnlyList<GridAxis> asked, IReadOnlyList<GridAxis> elsewhere) =>
        [.. asked.Concat(asked.SelectMany(axis => nests.TryGetValue(axis, out var own) ? own.Select(nest => nest.Nest) : []).Except(asked).Except(elsewhere))];

    /// <summary>Whether the levels of a row belong together.</summary>
    /// <param name="placeOf">The place of the row's level on an axis.</param>
    public bool Occurs(Func<GridAxis, int> placeOf) => nests.All(entry => IsConsistent(entry.Value, placeOf(entry.Key), placeOf));

    /// <summary>The levels of an axis that belong to a row's levels of the factors it is nested in.</summary>
    public int LevelsWithin(GridAxis axis, Func<GridAxis, int> placeOf) => nests.TryGetValue(axis, out var own)
        ? Enumerable.Range(0, axis.Labels.Count).Count(place => IsConsistent(own, place, placeOf))
        : axis.Labels.Count;

    private static bool IsConsistent(List<(GridAxis Nest, int[] NestOfLevel)> own, int place, Func<GridAxis, int> placeOf) =>
        own.TrueForAll(nest => nest.NestOfLevel[place] == placeOf(nest.Nest));

    /// <summary>For each level of a factor the one level of another it occurs with; null where some level occurs with several, or with none.</summary>
    private static int[]? NestOfLevel(ModelDesign design, GridAxis axis, GridAxis other)
    {
        var places = new int[axis.Labels.Count];
        Array.Fill(places, -1);
        var (own, theirs) = (design.Data[axis.Name], design.Data[other.Name]);
        foreach (var row in design.Rows.Span)
        {
            var (place, nest) = (axis.PlaceOf(own, row), other.PlaceOf(theirs, row));
            if (place < 0 || nest < 0) continue;
            if (places[place] >= 0 && places[place] != nest) return null;
            places[place] = nest;
        }

        return Array.TrueForAll(places, nest => nest >= 0) ? places : null;
    }
}
