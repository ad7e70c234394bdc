using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Design;

/// <summary>Finds the random terms and levels of a design that a user names.</summary>
internal static class RandomTermNames
{
    /// <summary>The indices of the terms that names stand for, ascending; a name is a group, or a whole term where a group has several.</summary>
    /// <param name="design">The design.</param>
    /// <param name="names">Such as <c>Subject</c>, <c>a:b</c> or <c>(0 + Days | Subject)</c>; null for all terms.</param>
    /// <exception cref="FormulaException">The model has no such term.</exception>
    public static IReadOnlyList<int> Find(ModelDesign design, IReadOnlyList<string>? names)
    {
        var all = Enumerable.Range(0, design.RandomTerms.Count);
        if (names is null)
            return [.. all];
        var wanted = new SortedSet<int>();
        foreach (var name in names)
        {
            var found = all.Where(index => Names(design, index).Contains(name, StringComparer.Ordinal)).ToArray();
            if (found.Length == 0)
                throw NoSuchTerm(design, name);
            wanted.UnionWith(found);
        }

        return [.. wanted];
    }

    /// <summary>The index of a level among those of a group.</summary>
    /// <returns>A term of that group, and the zero-based level in it.</returns>
    /// <exception cref="FormulaException">The model has no such group.</exception>
    /// <exception cref="DataException">The group has no such level in the rows used.</exception>
    public static (int Term, int Level) FindLevel(ModelDesign design, string group, string level)
    {
        var term = Find(design, [group])[0];
        var levels = design.RandomTerms[term].Levels;
        var index = levels.ToList().IndexOf(level);
        return index >= 0
            ? (term, index)
            : throw new DataException($"Group '{group}' has no level '{level}' in the rows used{NearestNames.SuggestOrList(level, [.. levels])}.");
    }

    /// <summary>Refuses levels that a design does not have.</summary>
    /// <param name="design">The design.</param>
    /// <param name="rows">Other rows.</param>
    /// <param name="terms">The indices of the terms in <paramref name="rows"/>.</param>
    /// <exception cref="DataException">A row has a new level; the message names the first.</exception>
    public static void RequireKnownLevels(ModelDesign design, NewDataDesign rows, IReadOnlyList<int> terms)
    {
        for (var t = 0; t < terms.Count; t++)
        {
            if (rows.RandomTerms[t].NewLevels is not [var level, ..])
                continue;
            var known = design.RandomTerms[terms[t]];
            var own = rows.RandomTerms[t];
            var row = rows.Rows.Span[own.Memberships?.FirstUnknownRow() ?? own.LevelOfRow.Span.IndexOf(-1)] + 1;
            throw new DataException(
                $"Group '{known.Group}' has the level '{level}' in row {row}, which is not among the {known.Levels.Count} levels the model was fitted to"
                + $"{NearestNames.Suggest(level, known.Levels)}. Correct the level, or predict new levels at the population (--new-levels population).");
        }
    }

    private static string[] Names(ModelDesign design, int index) =>
        [design.RandomTerms[index].Group, design.Formula.RandomTerms[index].Text];

    private static FormulaException NoSuchTerm(ModelDesign design, string name)
    {
        string[] groups = [.. design.RandomTerms.Select(term => term.Group).Distinct(StringComparer.Ordinal)];
        return new FormulaException(groups.Length == 0
            ? $"The model has no random term '{name}', nor any other."
            : $"The model has no random term '{name}'{NearestNames.SuggestOrList(name, groups)}. Name a group, or a whole term such as {design.Formula.RandomTerms[0].Text}.");
    }
}
