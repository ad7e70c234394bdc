using MixedModels.Data;

namespace MixedModels.Tests.Inference;

/// <summary>Factors from a text a row, levels in ordinal order.</summary>
internal static class Factors
{
    public static FactorColumn Of(string name, IEnumerable<string> values)
    {
        string[] rows = [.. values];
        string[] levels = [.. rows.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new(name, levels, [.. rows.Select(value => Array.IndexOf(levels, value))]);
    }
}
