namespace MixedModels.Inference.Means.Adjustments;

/// <summary><c>hochberg</c>: Holm's factors from the largest p downwards, none above the one before.</summary>
/// <remarks>Source: Hochberg 1988, A sharper Bonferroni procedure for multiple tests of significance, Biometrika 75.</remarks>
internal sealed class HochbergAdjustment(ContrastFamily family) : FamilyAdjustment(family)
{
    /// <inheritdoc/>
    public override bool HasOwnIntervals => false;

    /// <inheritdoc/>
    public override double[] Probabilities() => Stepwise((rank, m) => m - rank + 1, isStepDown: false);

    /// <inheritdoc/>
    protected override double Quantile(double level, double df) => BonferroniQuantile(level, df);
}
