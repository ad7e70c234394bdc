namespace MixedModels.Diagnostics.Rules;

/// <summary>A group without which a fixed effect would be another.</summary>
internal sealed class InfluentialGroupRule : DiagnosticRule
{
    /// <summary>A change by a whole standard error: what one group among many does not do.</summary>
    private const double Large = 1;

    /// <summary>Of two or three levels each is influential.</summary>
    private const int FewLevels = 6;

    /// <inheritdoc/>
    public override string Name => "influential-group";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(DiagnosticEvidence evidence)
    {
        var fit = evidence.Fit;
        if (fit.Linear?.HasLeverages() == false || fit.Design.Fixed.ColumnNames.Count == 0) yield break;
        foreach (var group in fit.RandomTerms.Where(term => term.LevelCount >= FewLevels).Select(term => term.Group).Distinct(StringComparer.Ordinal))
        {
            if (Table(fit, group, evidence.CancellationToken) is not { } table) continue;
            var swaying = table
                .Select(row => (Row: row, Largest: row.Dfbetas.Select((value, j) => (Value: value, j)).MaxBy(pair => Math.Abs(pair.Value))))
                .Where(pair => Math.Abs(pair.Largest.Value) > Large)
                .OrderByDescending(pair => Math.Abs(pair.Largest.Value))
                .ToArray();
            if (swaying.Length == 0) continue;
            var (row, largest) = swaying[0];
            yield return Warning(
                $"Without level '{row.Name}' of '{group}' ({row.RowCount} rows) the estimate of {table.CoefficientNames[largest.j]} would move by {row.Changes[largest.j]:G3}, {Math.Abs(largest.Value):0.0} standard errors{More(swaying.Length - 1)}.",
                "A conclusion that hangs on one group is a conclusion about that group.",
                "Check that its data are right, and report the result with and without it (mixed plot influence shows all levels).");
        }
    }

    private static string More(int count) => count == 0 ? "" : FormattableString.Invariant($"; {count} more sway an estimate by over one");

    private static InfluenceTable? Table(IInspectedFit fit, string group, CancellationToken cancellationToken)
    {
        try
        {
            return fit.Influence(group, cancellationToken);
        }
        catch (InferenceException)
        {
            // Too large for a group that is crossed with others, or no likelihood of all parameters; the rule does not apply.
            return null;
        }
    }
}
