namespace MixedModels.Design;

/// <summary>
/// The levels that occur, each known by the codes of its factors as one number, first factor slowest. In a table where there are few
/// possible numbers, else by a dictionary. Immutable.
/// </summary>
internal sealed class LevelKeys
{
    /// <summary>A table is kept where the possible keys are at most so many times the rows.</summary>
    private const int WidestTable = 4;

    private readonly int[]? levelOfSmallKey;
    private readonly Dictionary<long, int> levelOfKey = [];

    /// <summary>Learns the keys of some rows. O(n + q log q) for q levels.</summary>
    /// <param name="keys">A key a row, from 0 on.</param>
    /// <param name="possible">The number of possible keys.</param>
    public LevelKeys(ReadOnlySpan<long> keys, long possible)
    {
        if (possible <= (long)WidestTable * keys.Length && possible < Array.MaxLength)
        {
            levelOfSmallKey = new int[possible];
            Array.Fill(levelOfSmallKey, -1);
            foreach (var key in keys)
                levelOfSmallKey[key] = 0;
            Ordered = [.. Enumerable.Range(0, levelOfSmallKey.Length).Where(key => levelOfSmallKey[key] == 0).Select(key => (long)key)];
            for (var level = 0; level < Ordered.Length; level++)
                levelOfSmallKey[Ordered[level]] = level;
            return;
        }

        foreach (var key in keys)
            levelOfKey.TryAdd(key, 0);
        Ordered = [.. levelOfKey.Keys.Order()];
        for (var level = 0; level < Ordered.Length; level++)
            levelOfKey[Ordered[level]] = level;
    }

    /// <summary>The keys that occur, ascending: the level of each is its place.</summary>
    public long[] Ordered { get; }

    /// <summary>The level of a key; −1 for one that does not occur.</summary>
    public int Find(long key)
    {
        if (levelOfSmallKey is null)
            return levelOfKey.GetValueOrDefault(key, -1);
        return key < 0 ? -1 : levelOfSmallKey[key];
    }
}
