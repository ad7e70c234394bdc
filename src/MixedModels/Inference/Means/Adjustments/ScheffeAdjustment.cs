using MixedModels.Numerics;

namespace MixedModels.Inference.Means.Adjustments;

/// <summary><c>scheffe</c>: t² is at most r F for every combination of functions that span r dimensions.</summary>
/// <remarks>Source: Scheffé 1953, A method for judging all contrasts in the analysis of variance, Biometrika 40, section 3.</remarks>
internal sealed class ScheffeAdjustment(ContrastFamily family) : FamilyAdjustment(family)
{
    private readonly int rank = CorrelationRoot.Of(family.Correlation, family.Count).Rank;

    /// <inheritdoc/>
    public override double[] Probabilities() =>
        [.. Enumerable.Range(0, Family.Count).Select(i => TailProbability.F(Family.Statistics[i] * Family.Statistics[i] / rank, rank, Family.Df[i]))];

    /// <inheritdoc/>
    protected override double Quantile(double level, double df) => df > 0
        ? Math.Sqrt(rank * TailQuantile.Find(f => TailProbability.F(f, rank, df), 1 - level, 2, 1e-13))
        : double.NaN;
}
