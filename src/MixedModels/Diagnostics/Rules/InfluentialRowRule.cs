using System.Globalization;

namespace MixedModels.Diagnostics.Rules;

/// <summary>A single row without which a fixed effect would be another.</summary>
internal sealed class InfluentialRowRule : DiagnosticRule
{
    private const double Large = 1;

    /// <inheritdoc/>
    public override string Name => "influential-row";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(DiagnosticEvidence evidence)
    {
        if (evidence.Fit.Linear is not { } fit || !fit.HasLeverages() || fit.Design.Fixed.ColumnNames.Count == 0) yield break;
        var table = fit.Influence(group: null, evidence.CancellationToken);
        var rows = table.Where(row => row.Dfbetas.Any(value => Math.Abs(value) > Large)).OrderByDescending(row => row.CookDistance).ToArray();
        if (rows.Length == 0) yield break;
        var worst = Enumerable.Range(0, table.CoefficientNames.Count).MaxBy(j => Math.Abs(rows[0].Dfbetas[j]));
        yield return Warning(
            $"Without row {rows[0].Name.ToString(CultureInfo.InvariantCulture)} the estimate of {table.CoefficientNames[worst]} would move by {Math.Abs(rows[0].Dfbetas[worst]):0.0} standard errors{(rows.Length > 1 ? $" (rows like it: {string.Join(", ", rows.Skip(1).Take(5).Select(row => row.Name))})" : "")}.",
            "A conclusion that hangs on one row is a conclusion about that row.",
            "Check the row for an error of recording; if it is right, report the result with and without it.");
    }
}
