namespace MixedModels.Diagnostics.Rules;

/// <summary>Counts or shares that vary more, or less, than their family lets them, given the random effects.</summary>
/// <remarks>
/// The variance of responses about the fitted means over that of responses simulated with random effects held at their modes, each distance divided by
/// √(1 − leverage) for what the estimation drew in. Single yes and no answers have no variance beyond their mean's; a family with a dispersion of its
/// own is judged too, since one parameter need not fit all means.
/// </remarks>
internal sealed class DispersionRule : DiagnosticRule
{
    /// <summary>Standard errors that are off by an eighth.</summary>
    private const double Ratio = 1.25;

    /// <summary>Rows that are nearly each their own group fit themselves; of what is left too little to say.</summary>
    private const double LeastLeft = 0.3;

    /// <inheritdoc/>
    public override string Name => "overdispersed";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(DiagnosticEvidence evidence)
    {
        if (evidence.Fit.Generalized is not { Family: { IsDiscrete: true } family } fit) yield break;
        if (family.HasTrials && (fit.Design.Trials.IsEmpty || fit.Design.Trials.Span.IndexOfAnyExcept(1.0) < 0)) yield break;
        if (1 - evidence.Fit.Leverages().ToArray().Average() < LeastLeft) yield break;
        var residuals = evidence.Simulated(isConditional: true);
        if (residuals.DispersionPValue >= ErrorRate) yield break;
        if (residuals.DispersionRatio > Ratio)
        {
            yield return Warning(
                $"Given the random effects, responses vary {residuals.DispersionRatio:0.00} times as much (variance) as the family {family.Name} lets them (p = {residuals.DispersionPValue:G2}).",
                "Standard errors and p-values of the fixed effects are too small.",
                family.HasTrials ? "Add an observation-level random effect, (1 | row), and compare." : "Use --family nbinom2 or nbinom1, or add an observation-level random effect, (1 | row), and compare; look whether zeros or a covariate are missing.");
        }
        else if (residuals.DispersionRatio < 1 / Ratio)
        {
            yield return new(
                "underdispersed",
                FindingSeverity.Warning,
                FormattableString.Invariant($"Given the random effects, responses vary only {residuals.DispersionRatio:0.00} times as much (variance) as the family {family.Name} says (p = {residuals.DispersionPValue:G2})."),
                "Standard errors and p-values are too large: effects are surer than they look.",
                "Look for what makes responses regular: a bound, a schedule, counts that were averaged or rounded.");
        }
    }
}
