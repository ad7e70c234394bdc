namespace MixedModels.Inference.Means.Adjustments;

/// <summary><c>bonferroni</c>: P(∪ A_i) ≤ Σ P(A_i).</summary>
internal sealed class BonferroniAdjustment(ContrastFamily family) : FamilyAdjustment(family)
{
    /// <inheritdoc/>
    public override double[] Probabilities() => [.. Enumerable.Range(0, Family.Count).Select(i => Math.Min(1, Family.Count * Family.Single(i)))];

    /// <inheritdoc/>
    protected override double Quantile(double level, double df) => BonferroniQuantile(level, df);
}
