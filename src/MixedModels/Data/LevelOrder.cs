namespace MixedModels.Data;

/// <summary>The order in which the levels of a factor stand when none is given.</summary>
internal static class LevelOrder
{
    /// <summary>Numeric order when every name is a number, else ordinal (code point) order.</summary>
    public static string[] OfNames(IEnumerable<string> names)
    {
        var sorted = names.ToArray();
        var values = new double[sorted.Length];
        var numeric = true;
        for (var i = 0; i < sorted.Length && numeric; i++)
            numeric = NumberToken.TryParse(sorted[i], out values[i]) && !double.IsNaN(values[i]);
        Array.Sort(sorted, CompareCodePoints);
        if (!numeric)
            return sorted;

        // Names of the same number ("1", "1.0") stay in code point order: OrderBy is stable.
        return [.. sorted.OrderBy(name => NumberToken.TryParse(name, out var value) ? value : 0)];
    }

    /// <summary>
    /// Compares by Unicode code points. Differs from comparing UTF-16 units only where a character beyond the basic plane
    /// meets one of U+E000 to U+FFFF.
    /// </summary>
    public static int CompareCodePoints(string left, string right)
    {
        var shared = left.AsSpan().CommonPrefixLength(right);
        if (shared == left.Length || shared == right.Length)
            return left.Length.CompareTo(right.Length);
        var (a, b) = (left[shared], right[shared]);
        if (char.IsSurrogate(a) && char.IsSurrogate(b))
            return a.CompareTo(b);
        return char.IsSurrogate(a) ? 1 : char.IsSurrogate(b) ? -1 : a.CompareTo(b);
    }
}
