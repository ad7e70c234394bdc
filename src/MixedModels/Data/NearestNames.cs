namespace MixedModels.Data;

/// <summary>The known names closest to one that was not found, for the end of an error message.</summary>
public static class NearestNames
{
    private const int MostNear = 3;
    private const int MostListed = 8;

    /// <summary>
    /// Words the names within a few edits of <paramref name="wanted"/> as <c>"; nearest: 'Days', 'Day'"</c>, nearest first;
    /// empty when none is near. Upper and lower case count as equal. O(names × length²).
    /// </summary>
    internal static string Suggest(string wanted, IEnumerable<string> names)
    {
        var near = Find(wanted, names);
        return near.Count == 0 ? "" : "; nearest: " + Quote(near);
    }

    /// <summary>As <see cref="Suggest"/>, but lists what there is (at most 8 names) when none is near.</summary>
    internal static string SuggestOrList(string wanted, IReadOnlyCollection<string> names)
    {
        var near = Suggest(wanted, names);
        if (near.Length > 0 || names.Count == 0)
            return near;
        var more = names.Count > MostListed ? $" and {names.Count - MostListed} more" : "";
        return (names.Count == 1 ? "; there is only " : "; there are ") + Quote(names.Take(MostListed)) + more;
    }

    /// <summary>
    /// The names within a few edits of one that was not found, or that it abbreviates: at most three, nearest first and equally near ones in
    /// ordinal order. Upper and lower case count as equal. O(names × length²).
    /// </summary>
    /// <param name="wanted">The name that was not found.</param>
    /// <param name="names">The names there are.</param>
    public static IReadOnlyList<string> Find(string wanted, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(names);

        // A third of the letters may differ: one typing slip in a short name, two in 'Subject'.
        var mostEdits = (wanted.Length + 2) / 3;
        return [.. names
            .Distinct(StringComparer.Ordinal)
            .Select(name => (name, edits: Distance(wanted, name)))
            .Where(near => (near.edits <= mostEdits && near.edits < Math.Max(wanted.Length, near.name.Length)) || Abbreviates(wanted, near.name))
            .OrderBy(near => near.edits)
            .ThenBy(near => near.name, StringComparer.Ordinal)
            .Take(MostNear)
            .Select(near => near.name)];
    }

    /// <summary>
    /// Insertions, deletions, replacements and swaps of neighbours that turn one text into the other, case ignored
    /// (the restricted Damerau–Levenshtein distance).
    /// </summary>
    internal static int Distance(string left, string right)
    {
        var earlier = new int[right.Length + 1];
        var above = new int[right.Length + 1];
        var current = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
            above[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replace = above[j - 1] + (Same(left[i - 1], right[j - 1]) ? 0 : 1);
                current[j] = Math.Min(replace, 1 + Math.Min(above[j], current[j - 1]));
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                    current[j] = Math.Min(current[j], earlier[j - 2] + 1);
            }

            (earlier, above, current) = (above, current, earlier);
        }

        return above[right.Length];
    }

    /// <summary>Puts each name in single quotes, separated by commas.</summary>
    internal static string Quote(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    // Two letters, the dashes of an option apart: one begins too many names.
    private static bool Abbreviates(string wanted, string name) =>
        wanted.Trim('-').Length >= 2 && name.StartsWith(wanted, StringComparison.OrdinalIgnoreCase);

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
