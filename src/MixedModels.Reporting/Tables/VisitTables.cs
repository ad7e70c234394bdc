using MixedModels.LinearAlgebra;

namespace MixedModels.Reporting.Tables;

/// <summary>Tables of repeated measures: who was seen when, means, covariances over visits.</summary>
internal static class VisitTables
{
    private const int MostPatterns = 12;

    /// <summary>Subjects seen at each visit, a row an arm and one for all.</summary>
    /// <param name="pattern">Who was seen when.</param>
    /// <param name="arms">The arms' names; empty for none.</param>
    /// <param name="armOfSubject">A subject's arm.</param>
    public static ResultTable Seen(VisitPattern pattern, IReadOnlyList<string> arms, IReadOnlyList<int> armOfSubject)
    {
        double? Count(int arm, Func<int, bool> isCounted) => Enumerable.Range(0, pattern.Subjects.Count).Count(subject => (arm < 0 || armOfSubject[subject] == arm) && isCounted(subject));
        int[] rows = [.. Enumerable.Range(0, arms.Count), -1];
        return new(
        [
            new TextColumn("", [.. rows.Select(arm => arm < 0 ? "all" : arms[arm])]),
            new NumberColumn("Subjects", [.. rows.Select(arm => Count(arm, _ => true))], new DecimalsLayout(0)),
            .. pattern.Visits.Select((name, visit) => new NumberColumn(name, [.. rows.Select(arm => Count(arm, subject => pattern.IsSeen(subject, visit)))], new DecimalsLayout(0))),
        ]);
    }

    /// <summary>The patterns of visits seen (x) and missing (–), the most frequent first.</summary>
    public static ResultTable Patterns(VisitPattern pattern, out int more)
    {
        var patterns = Enumerable.Range(0, pattern.Subjects.Count)
            .GroupBy(subject => string.Join(' ', Enumerable.Range(0, pattern.Visits.Count).Select(visit => pattern.IsSeen(subject, visit) ? "x" : "–")), StringComparer.Ordinal)
            .Select(group => (Pattern: group.Key, Count: group.Count()))
            .OrderByDescending(entry => entry.Count).ThenBy(entry => entry.Pattern, StringComparer.Ordinal).ToArray();
        more = Math.Max(0, patterns.Length - MostPatterns);
        var shown = patterns.Take(MostPatterns).ToArray();
        return new(
        [
            new TextColumn("Visits seen", [.. shown.Select(entry => entry.Pattern)]),
            new NumberColumn("Subjects", [.. shown.Select(entry => (double?)entry.Count)], new DecimalsLayout(0)),
            new NumberColumn("Per cent", [.. shown.Select(entry => (double?)(100.0 * entry.Count / pattern.Subjects.Count))], new DecimalsLayout(1)),
        ]);
    }

    /// <summary>The lower triangle of a matrix over visits.</summary>
    /// <param name="visits">Their names.</param>
    /// <param name="matrix">Visits × visits.</param>
    /// <param name="layout">How numbers are rounded.</param>
    public static ResultTable Triangle(IReadOnlyList<string> visits, Matrix matrix, NumberLayout layout) => new(
    [
        new TextColumn("", [.. visits]),
        .. visits.Select((name, column) => new NumberColumn(name, [.. Enumerable.Range(0, visits.Count).Select(row => row < column ? (double?)null : matrix[row, column])], layout)),
    ]);
}
