namespace MixedModels.Diagnostics.Rules;

/// <summary>Responses that are not like those the fitted model produces, with random effects drawn anew and with them held.</summary>
internal sealed class SimulatedResidualsRule : DiagnosticRule
{
    /// <summary>A share of the distribution that is misplaced by less is not worth a word.</summary>
    private const double Distance = 0.05;
    private const double Dispersion = 1.25;
    private const double Outliers = 3;

    /// <summary>
    /// Whole numbers cannot be moved away from the fitted values that they drew to themselves; where rows have more than this share in those, as with an effect a
    /// row, ranks with effects held say nothing.
    /// </summary>
    private const double MostLeverage = 0.2;

    /// <inheritdoc/>
    public override string Name => "simulated-residuals";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(DiagnosticEvidence evidence)
    {
        foreach (var isConditional in new[] { false, true })
        {
            if (isConditional && (evidence.Fit.RandomTerms.Count == 0 || DrawsToItself(evidence.Fit))) yield break;
            var residuals = evidence.Simulated(isConditional);
            var how = isConditional ? "with the random effects held" : "with random effects drawn anew";
            if (residuals.UniformityPValue < ErrorRate && residuals.UniformityDistance > Distance)
            {
                yield return Warning(
                    $"Compared with {residuals.Replicates} simulations ({how}), responses are not distributed as the model says: {100 * residuals.UniformityDistance:0} % of them are misplaced (p = {residuals.UniformityPValue:G2}).",
                    "The model's shape is wrong somewhere: its family, a curve it misses, or a variance that is not constant.",
                    "Look at mixed plot simulated and mixed plot residuals: they show where.");
            }

            // Given the effects, counts and shares have a rule of their own.
            var isJudgedElsewhere = isConditional && evidence.Fit.Generalized is { Family.IsDiscrete: true };
            if (!isJudgedElsewhere && residuals.DispersionPValue < ErrorRate && (residuals.DispersionRatio > Dispersion || residuals.DispersionRatio < 1 / Dispersion))
            {
                yield return Warning(
                    $"Compared with {residuals.Replicates} simulations ({how}), responses spread {residuals.DispersionRatio:0.00} times as much (variance) as the model says (p = {residuals.DispersionPValue:G2}).",
                    residuals.DispersionRatio > 1 ? "Standard errors are too small." : "Standard errors are too large.",
                    "Choose a family with a dispersion of its own, or add what is missing: a covariate, a group, zeros.");
            }

            if (residuals.OutlierPValue < ErrorRate && residuals.OutlierCount > Outliers * Math.Max(1, residuals.ExpectedOutliers))
            {
                yield return Note(
                    $"{residuals.OutlierCount} responses lie outside all {residuals.Replicates} simulations ({how}), where {residuals.ExpectedOutliers:0.0} are expected (p = {residuals.OutlierPValue:G2}).",
                    "The tails are heavier than the model's.",
                    "See the finding on outliers for the rows.");
            }
        }
    }

    private static bool DrawsToItself(IInspectedFit fit) => fit.Generalized is { Family.IsDiscrete: true } && fit.Leverages().ToArray().Average() > MostLeverage;
}
