namespace MixedModels.Diagnostics.Rules;

/// <summary>Residuals that are skewed or heavy-tailed.</summary>
internal sealed class ResidualNormalityRule : DiagnosticRule
{
    /// <summary>Under these sizes tests and intervals of fixed effects hardly notice.</summary>
    private const double Skewness = 0.5;
    private const double Kurtosis = 1;

    /// <inheritdoc/>
    public override string Name => "residuals-not-normal";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(DiagnosticEvidence evidence)
    {
        // Of other families the simulated residuals speak, which hold for dependent rows and few trials.
        if (evidence.Fit.Linear is null) yield break;
        if (NormalityTest.Of(evidence.Studentized) is not { } test || test.PValue >= ErrorRate) yield break;
        if (Math.Abs(test.Skewness) < Skewness && Math.Abs(test.ExcessKurtosis) < Kurtosis) yield break;
        yield return Warning(
            $"The residuals are not normal: skewness {test.Skewness:0.00} (normal: 0), excess kurtosis {test.ExcessKurtosis:0.00} (normal: 0), p = {test.PValue:G2}.",
            "Estimates and tests of fixed effects bear it well in samples that are not small; intervals for new observations do not.",
            test.Skewness > Skewness ? "A long tail to the right: try the logarithm or the square root of the response." : test.Skewness < -Skewness ? "A long tail to the left: look at what bounds the response from above." : "Heavy tails: look at the outliers; compare with bootstrap intervals (mixed confint --method bootstrap).");
    }
}
