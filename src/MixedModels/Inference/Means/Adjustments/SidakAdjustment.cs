using MixedModels.Numerics;

namespace MixedModels.Inference.Means.Adjustments;

/// <summary><c>sidak</c>: as if the estimates were independent, which is never too small an adjustment for two-sided tests.</summary>
/// <remarks>Source: Šidák 1967, Rectangular confidence regions for the means of multivariate normal distributions, JASA 62, theorem 1.</remarks>
internal sealed class SidakAdjustment(ContrastFamily family) : FamilyAdjustment(family)
{
    /// <inheritdoc/>
    public override double[] Probabilities() =>
        [.. Enumerable.Range(0, Family.Count).Select(i => -NearZero.ExpMinusOne(Family.Count * NearZero.LogOnePlus(-Family.Single(i))))];

    /// <inheritdoc/>
    protected override double Quantile(double level, double df) =>
        TailProbability.StudentQuantile(-NearZero.ExpMinusOne(Math.Log(level) / Family.Count), df);
}
