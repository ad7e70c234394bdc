using MixedModels.Numerics;

namespace MixedModels.Inference.Means.Adjustments;

/// <summary><c>none</c>: each contrast by itself.</summary>
internal sealed class NoAdjustment(ContrastFamily family) : FamilyAdjustment(family)
{
    /// <inheritdoc/>
    public override double[] Probabilities() => [.. Enumerable.Range(0, Family.Count).Select(Family.Single)];

    /// <inheritdoc/>
    public override double CriticalValue(int i, double level) => TailProbability.StudentQuantile(1 - level, Family.Df[i]);
}
