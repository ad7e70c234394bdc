using MixedModels.Data;

namespace MixedModels.Design;

/// <summary>One factor of a group: its label, its levels a row, and the columns it is computed from.</summary>
internal sealed record GroupFactor(string Label, FactorNode Factor, IReadOnlyList<string> Sources);

/// <summary>The levels of a grouping factor, or of an interaction of several, that occur in the data. Immutable.</summary>
internal sealed class GroupRecipe
{
    private readonly LevelKeys levelOfKey;

    /// <summary>
    /// Finds the levels that occur in the complete rows; those of an interaction are ordered by the first factor, then the next.
    /// O(n + q log q) for q levels.
    /// </summary>
    /// <exception cref="DataException">The factors have more combinations than can be counted.</exception>
    public GroupRecipe(IReadOnlyList<GroupFactor> factors, ModelFrame frame)
    {
        Factors = factors;
        var combinations = factors.Aggregate(1.0, (product, factor) => product * Math.Max(1, factor.Factor.Levels.Count));
        if (combinations > long.MaxValue / 2)
        {
            throw new DataException(
                $"The group '{string.Join(':', factors.Select(factor => factor.Label))}' has {NumberName.Of(Math.Round(combinations))} possible "
                + "combinations, too many to count. Make the combination a column of the data.");
        }

        (levelOfKey, LearntLevelOfRow) = factors.Count == 1 ? Learn(frame.Codes(factors[0].Label), factors[0].Factor.Levels.Count) : Learn(Keys(frame), (long)combinations);
        Levels = Array.ConvertAll(levelOfKey.Ordered, Name);
    }

    /// <summary>The factors whose combinations are the levels.</summary>
    public IReadOnlyList<GroupFactor> Factors { get; }

    /// <summary>The levels that occur, <c>a:b</c> for an interaction.</summary>
    public IReadOnlyList<string> Levels { get; }

    /// <summary>The level of each complete row of the frame the levels were learnt from.</summary>
    public int[] LearntLevelOfRow { get; }

    /// <summary>The level of each complete row; −1 for one that does not occur in the design's data.</summary>
    public int[] LevelOfRow(ModelFrame frame) =>
        Array.ConvertAll(Keys(frame), levelOfKey.Find);

    /// <summary>Adds the factors.</summary>
    public void AddTo(ModelFrame frame)
    {
        foreach (var factor in Factors) frame.AddFactor(factor.Label, factor.Factor, factor.Sources);
    }

    /// <summary>The level of each complete row, all of which must be known.</summary>
    /// <param name="frame">The rows.</param>
    /// <param name="why">Why they must, as a clause.</param>
    /// <exception cref="DataException">A row has a level that does not occur in the design's data.</exception>
    public int[] KnownLevelOfRow(ModelFrame frame, string why)
    {
        var levels = LevelOfRow(frame);
        var unknown = levels.AsSpan().IndexOf(-1);
        if (unknown < 0) return levels;
        var (group, level) = (string.Join(':', Factors.Select(factor => factor.Label)), NewLevels(frame, levels)[0]);
        throw new DataException($"'{group}' is '{level}' in row {frame.Rows.Span[unknown] + 1}; {why}, and this is none of them{NearestNames.SuggestOrList(level, [.. Levels])}.");
    }

    /// <summary>The distinct levels that <see cref="LevelOfRow"/> gave −1, in the order of their first row.</summary>
    public IReadOnlyList<string> NewLevels(ModelFrame frame, int[] levelOfRow)
    {
        if (!levelOfRow.AsSpan().Contains(-1))
            return [];
        var codes = Factors.Select(factor => frame.Codes(factor.Label)).ToArray();
        var names = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < levelOfRow.Length; i++)
        {
            if (levelOfRow[i] >= 0)
                continue;
            var row = i;
            var name = string.Join(':', Factors.Select((factor, f) => NameOf(frame, factor, codes[f][row])));
            if (seen.Add(name))
                names.Add(name);
        }

        return names;
    }

    /// <summary>Counts the rows of each level, known or not, in the order of the frame: 1 for the first row of a level.</summary>
    public double[] PositionOfRow(ModelFrame frame)
    {
        int[][] codes = [.. Factors.Select(factor => frame.Codes(factor.Label))];
        var next = new Dictionary<string, int>(StringComparer.Ordinal);
        var positions = new double[frame.Count];
        for (var row = 0; row < positions.Length; row++)
        {
            var key = string.Join(',', codes.Select(own => own[row]));
            positions[row] = next[key] = next.GetValueOrDefault(key) + 1;
        }

        return positions;
    }

    private static (LevelKeys LevelOfKey, int[] LevelOfRow) Learn(long[] keys, long possible)
    {
        var levelKeys = new LevelKeys(keys, possible);
        return (levelKeys, Array.ConvertAll(keys, levelKeys.Find));
    }

    /// <summary>Of a single factor the codes are the keys; where all its levels occur, they are the levels too.</summary>
    private static (LevelKeys LevelOfKey, int[] LevelOfRow) Learn(int[] codes, int count)
    {
        var occurs = new bool[count];
        foreach (var code in codes)
            occurs[code] = true;
        long[] keys = [.. Enumerable.Range(0, count).Where(code => occurs[code]).Select(code => (long)code)];
        var levelKeys = new LevelKeys(keys, count);
        if (keys.Length == count)
            return (levelKeys, codes);
        var levelOfCode = new int[count];
        for (var level = 0; level < keys.Length; level++)
            levelOfCode[keys[level]] = level;
        var levelOfRow = new int[codes.Length];
        for (var row = 0; row < codes.Length; row++)
            levelOfRow[row] = levelOfCode[codes[row]];
        return (levelKeys, levelOfRow);
    }

    private static string NameOf(ModelFrame frame, GroupFactor factor, int code)
    {
        var learnt = factor.Factor.Levels;
        return code < learnt.Count ? learnt[code] : frame.NewLevels(factor.Label)[code - learnt.Count];
    }

    private long[] Keys(ModelFrame frame)
    {
        var keys = new long[frame.Count];
        foreach (var factor in Factors)
        {
            var count = factor.Factor.Levels.Count;
            var codes = frame.Codes(factor.Label);
            for (var i = 0; i < keys.Length; i++)
                keys[i] = keys[i] < 0 || codes[i] >= count ? -1 : (keys[i] * count) + codes[i];
        }

        return keys;
    }

    private string Name(long key)
    {
        if (Factors.Count == 1)
            return Factors[0].Factor.Levels[(int)key];
        var parts = new string[Factors.Count];
        for (var f = Factors.Count - 1; f >= 0; f--)
        {
            var levels = Factors[f].Factor.Levels;
            parts[f] = levels[(int)(key % levels.Count)];
            key /= levels.Count;
        }

        return string.Join(':', parts);
    }
}
