using MixedModels.Data;

namespace MixedModels.Cli;

/// <summary>Gives columns of a table that is already read the types that the options of the command declare.</summary>
internal static class DeclaredTypes
{
    /// <summary>The table with its declared columns as factors, their levels in the declared order.</summary>
    /// <exception cref="DataException">A column does not exist, or has a level that its declared levels leave out.</exception>
    public static DataTable Apply(DataTable table, DataSource source)
    {
        foreach (var name in source.Factors.Concat(source.Ordered).Concat(source.Levels.Keys).Distinct(StringComparer.Ordinal))
        {
            var factor = table[name].ToFactor();
            var isOrdered = factor.IsOrdered || source.Ordered.Contains(name, StringComparer.Ordinal);
            var levels = source.Levels.GetValueOrDefault(name, factor.Levels);
            table = table.WithColumn(new FactorColumn(name, levels, Recode(factor, levels), isOrdered));
        }

        return table;
    }

    private static int[] Recode(FactorColumn factor, IReadOnlyList<string> levels)
    {
        var newCode = new int[factor.Levels.Count];
        for (var code = 0; code < newCode.Length; code++)
        {
            newCode[code] = levels.ToList().IndexOf(factor.Levels[code]);
            if (newCode[code] < 0 && factor.Codes.Span.Contains(code))
            {
                throw new DataException(
                    $"--levels leaves out the level '{factor.Levels[code]}' of '{factor.Name}', which has {string.Join(", ", factor.Levels)}; name every level that occurs.");
            }
        }

        var codes = factor.Codes.ToArray();
        for (var row = 0; row < codes.Length; row++)
            codes[row] = codes[row] < 0 ? -1 : newCode[codes[row]];
        return codes;
    }
}
