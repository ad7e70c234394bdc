namespace MixedModels.Diagnostics.Rules;

/// <summary>More zeros, or fewer, among counts than among responses simulated with random effects drawn anew.</summary>
internal sealed class ZeroInflationRule : DiagnosticRule
{
    /// <summary>A difference of a smaller share of the rows hardly moves a mean.</summary>
    private const double Share = 0.03;

    /// <summary>A number of zeros off by less is within what another dispersion does.</summary>
    private const double Ratio = 1.2;

    /// <inheritdoc/>
    public override string Name => "zero-inflated";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(DiagnosticEvidence evidence)
    {
        if (evidence.Fit.Generalized is not { Family: { IsDiscrete: true, HasTrials: false } family }) yield break;
        var residuals = evidence.Simulated(isConditional: false);
        var n = evidence.Fit.Design.Observations;
        var (found, expected) = ((double)residuals.ZeroCount, residuals.ExpectedZeros);
        if (residuals.ZeroPValue >= ErrorRate || Math.Abs(found - expected) < Share * n) yield break;
        if (found > Ratio * expected)
        {
            yield return Warning(
                $"{residuals.ZeroCount} of {n} responses are zero, where the family {family.Name} expects {expected:0} (p = {residuals.ZeroPValue:G2}).",
                "Some zeros seem to come from a process of their own; the mean and the dispersion are then a mixture of two.",
                "Ask whether some rows could not have had a count at all. Compare --family nbinom2, whose dispersion makes zeros too, and a model with zero inflation.");
        }
        else if (found < expected / Ratio)
        {
            yield return Warning(
                $"Only {residuals.ZeroCount} of {n} responses are zero, where the family {family.Name} expects {expected:0} (p = {residuals.ZeroPValue:G2}).",
                "The family puts probability where no responses are.",
                "Ask whether zeros could be recorded at all. If not, a truncated family is right; if they could, look for underdispersion.");
        }
    }
}
