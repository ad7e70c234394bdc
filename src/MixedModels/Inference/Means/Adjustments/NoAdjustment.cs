using MixedModels.Numerics;

namespace MixedModels.Inference.Means.Adjustments;

/// <summary><c>none</c>: each contrast by itself.</summary>
internal sealed class NoAdjustment(ContrastFamily family) : FamilyAdjustment(family)
{
    /// <inheritdoc/>
    public override double[] Probabilities() => [.. Enumerable.Range(0, Family.Count).Select(Family.Single)];

    /// <inheritdoc/>
    protected override double Quantile(double level, double df) => TailProbability.StudentQuantile(1 - level, df);
}
