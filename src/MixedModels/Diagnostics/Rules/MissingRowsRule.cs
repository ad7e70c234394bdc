namespace MixedModels.Diagnostics.Rules;

/// <summary>Many rows left out for missing values.</summary>
internal sealed class MissingRowsRule : DiagnosticRule
{
    private const double ManyRows = 0.1;

    /// <inheritdoc/>
    public override string Name => "rows-dropped";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(DiagnosticEvidence evidence)
    {
        var design = evidence.Fit.Design;
        var share = design.DroppedRows / (double)(design.DroppedRows + design.Observations);
        if (share < ManyRows) yield break;
        yield return Note(
            $"{design.DroppedRows} rows, {100 * share:0} % of all, were left out because a value they need is missing.",
            "The estimates are those of the rows that are left; they stand for all only if what is missing does not depend on the values that are missing.",
            "Find out why values are missing. Missing responses are harmless if the model holds what predicts them (docs/missing-data.md); missing covariates call for imputation.");
    }
}
