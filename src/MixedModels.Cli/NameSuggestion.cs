namespace MixedModels.Cli;

/// <summary>The names a mistyped one may have meant.</summary>
internal static class NameSuggestion
{
    /// <summary>A sentence that offers the nearest names, such as <c> Did you mean '--factor'?</c>; empty where none is near.</summary>
    /// <param name="wanted">The name that does not exist.</param>
    /// <param name="names">The names that do.</param>
    public static string For(string wanted, IEnumerable<string> names)
    {
        // A third of the letters wrong is a slip; more is another word.
        var furthest = Math.Max(1, wanted.Length / 3);
        var nearest = names
            .Select(name => (Name: name, Distance: Distance(wanted.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(candidate => candidate.Distance <= furthest || IsAbbreviation(wanted, candidate.Name))
            .OrderBy(candidate => candidate.Distance)
            .Take(3)
            .Select(candidate => $"'{candidate.Name}'")
            .ToArray();
        return nearest.Length == 0 ? "" : $" Did you mean {string.Join(" or ", nearest)}?";
    }

    private static bool IsAbbreviation(string wanted, string name) =>
        wanted.Trim('-').Length >= 2 && name.StartsWith(wanted, StringComparison.OrdinalIgnoreCase);

    // Levenshtein distance with a transposition of neighbours as one step (optimal string alignment).
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replace, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }
}
