using MixedModels.Data;

namespace MixedModels.Cli;

/// <summary>Offers the names a mistyped one may have meant.</summary>
internal static class NameSuggestion
{
    /// <summary>A sentence that offers the nearest names, such as <c> Did you mean '--factor'?</c>; empty where none is near.</summary>
    /// <param name="wanted">The name that does not exist.</param>
    /// <param name="names">The names that do.</param>
    public static string For(string wanted, IEnumerable<string> names)
    {
        var nearest = NearestNames.Find(wanted, names);
        return nearest.Count == 0 ? "" : $" Did you mean {string.Join(" or ", nearest.Select(name => $"'{name}'"))}?";
    }
}
