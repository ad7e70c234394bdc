using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Families;

namespace MixedModels.Diagnostics;

/// <summary>Categories of the fixed part of which the data say nothing: levels without a row, and cells whose responses are all at one end of what they can be.</summary>
internal static class EmptyCategories
{
    private const int MostNamed = 5;

    /// <summary>Levels that the data declare and no used row has.</summary>
    public static IEnumerable<Finding> WithoutRows(ModelDesign design)
    {
        foreach (var variable in design.Fixed.Terms.SelectMany(term => term.Variables).DistinctBy(variable => variable.Label, StringComparer.Ordinal))
        {
            if (variable.Levels is null || design.Data.Columns.FirstOrDefault(column => column.Name == variable.Label) is not FactorColumn factor) continue;
            string[] absent = [.. factor.Levels.Except(variable.Levels, StringComparer.Ordinal)];
            if (absent.Length == 0) continue;
            yield return new(
                "empty-category",
                FindingSeverity.Note,
                $"No row that is used has {(absent.Length == 1 ? "the level" : "one of the levels")} {NearestNames.Quote(absent.Take(MostNamed))}{(absent.Length > MostNamed ? ", …" : "")} of '{variable.Label}': there is no coefficient for it.",
                "A level without rows cannot be estimated, and predictions for it are refused.",
                "Look at the rows left out for missing values, or leave the level out of the declared ones (--levels).");
        }
    }

    /// <summary>Cells of factors in the fixed part in which every count is zero, or every trial a failure or a success. O(n × cells).</summary>
    public static IEnumerable<Finding> WithoutEvents(ModelDesign design, Family family)
    {
        var (indicators, named) = (design.Indicators(), new List<(int[] Rows, string What)>());
        for (var c = 0; c < indicators.Assign.Count; c++)
        {
            if (indicators.Assign[c] == 0 || indicators.Terms[indicators.Assign[c] - 1].Covariates.Count > 0) continue;
            int[] rows = [.. Enumerable.Range(0, indicators.Rows).Where(row => indicators.X[row + (c * indicators.Rows)] != 0)];
            if (rows.Length == 0 || Missing(design, family, rows) is not { } missing) continue;

            // A cell of an interaction within an empty category says nothing more.
            if (named.Exists(own => rows.All(row => Array.BinarySearch(own.Rows, row) >= 0))) continue;
            named.Add((rows, $"{indicators.ColumnNames[c]} ({rows.Length} {(rows.Length == 1 ? "row" : "rows")}, no {missing})"));
        }

        if (named.Count == 0) yield break;
        yield return new(
            "empty-category",
            FindingSeverity.Warning,
            $"{(named.Count == 1 ? "A category has" : "Categories have")} responses all alike: {string.Join("; ", named.Take(MostNamed).Select(own => own.What))}{(named.Count > MostNamed ? "; …" : "")}.",
            "Its coefficient has no finite estimate: the further out, the likelier.",
            "Merge it with a neighbour, leave it out, or report it as it is: a category without events, with an exact or profile interval of one end.");
    }

    private static string? Missing(ModelDesign design, Family family, int[] rows)
    {
        var (y, trials) = (design.Response, design.Trials);
        if (rows.All(row => y.Span[row] == 0)) return family.HasTrials ? "success" : "count above 0";
        return family.HasTrials && rows.All(row => y.Span[row] == trials.Span[row]) ? "failure" : null;
    }
}
