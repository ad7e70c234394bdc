namespace MixedModels.Data;

/// <summary>Turns the distinct cells of a column into a factor: which are its levels, and in which order.</summary>
internal static class FactorTokens
{
    private const int MostNamed = 5;

    /// <summary>A factor whose levels are the cells, in numeric order if all are numbers, else in code point order.</summary>
    public static Column InNaturalOrder(string name, TokenColumn cells, bool isOrdered, string source) =>
        NotText(name, cells, source) is { } problem
            ? new UnusableColumn(name, cells.Codes.Length, problem)
            : WithLevels(name, cells, LevelOrder.OfNames(cells.Tokens.Select(token => token.Name)), isOrdered);

    /// <summary>A factor with the levels given; one that no cell holds is kept.</summary>
    /// <exception cref="DataException">A level is given twice, or a cell is none of the levels.</exception>
    public static FactorColumn WithGivenLevels(string name, TokenColumn cells, IReadOnlyList<string> levels, bool isOrdered, string source)
    {
        var given = new HashSet<string>(levels, StringComparer.Ordinal);
        if (given.Count < levels.Count)
            throw new DataException($"The levels given for column '{name}' name '{levels.GroupBy(level => level, StringComparer.Ordinal).First(group => group.Count() > 1).Key}' twice; each level stands once.");
        var uncovered = cells.Tokens.Where(token => !given.Contains(token.Name)).ToList();
        if (uncovered.Count > 0)
            throw new DataException(Uncovered(name, uncovered, levels, source));
        return WithLevels(name, cells, levels, isOrdered);
    }

    /// <summary>Whether every cell is <c>TRUE</c> or <c>FALSE</c>, in capitals, small letters or with a capital at the start.</summary>
    public static bool AreLogical(TokenColumn cells) =>
        cells.Tokens.Count > 0 && cells.Tokens.All(token => LogicalLevel(token.Name) is not null);

    /// <summary>A factor with levels FALSE and TRUE, whether both occur or not.</summary>
    public static FactorColumn Logical(string name, TokenColumn cells) =>
        WithLevels(name, cells, ["FALSE", "TRUE"], isOrdered: false, token => LogicalLevel(token) ?? token);

    /// <summary>What is wrong with cells that are not UTF-8; null when all are.</summary>
    public static string? NotText(string name, TokenColumn cells, string source) =>
        cells.Tokens.FirstOrDefault(token => !token.IsText) is { } broken
            ? $"Column '{name}' of {source} holds bytes that are not UTF-8, first on line {broken.Line} ('{broken.Name}'). Save the file with UTF-8 encoding."
            : null;

    private static FactorColumn WithLevels(string name, TokenColumn cells, IReadOnlyList<string> levels, bool isOrdered, Func<string, string>? levelOf = null)
    {
        var codeOfLevel = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < levels.Count; i++)
            codeOfLevel.Add(levels[i], i);
        var codeOfToken = cells.Tokens.Select(token => codeOfLevel[levelOf is null ? token.Name : levelOf(token.Name)]).ToArray();
        var codes = cells.Codes.ToArray();
        foreach (ref var code in codes.AsSpan())
        {
            if (code >= 0)
                code = codeOfToken[code];
        }

        return new FactorColumn(name, levels, codes, isOrdered);
    }

    private static string? LogicalLevel(string token) =>
        token switch
        {
            "TRUE" or "True" or "true" => "TRUE",
            "FALSE" or "False" or "false" => "FALSE",
            _ => null,
        };

    private static string Uncovered(string name, List<TokenColumn.Token> uncovered, IReadOnlyList<string> levels, string source)
    {
        var named = string.Join(", ", uncovered.Take(MostNamed).Select(token => $"'{token.Name}' (line {token.Line}{NearestNames.Suggest(token.Name, levels)})"));
        var more = uncovered.Count > MostNamed ? $" and {uncovered.Count - MostNamed} more" : "";
        return $"Column '{name}' of {source} holds {named}{more}, not among the {levels.Count} levels given ({NearestNames.Quote(levels.Take(2 * MostNamed))}{(levels.Count > 2 * MostNamed ? ", …" : "")}). "
            + "Add to the levels, correct the cells, or make them NA.";
    }
}
