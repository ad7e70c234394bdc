namespace MixedModels.Inference.Means.Adjustments;

/// <summary><c>fdr</c>: bounds the expected share of false rejections.</summary>
/// <remarks>Source: Benjamini and Hochberg 1995, Controlling the false discovery rate, JRSS B 57, eq. 1.</remarks>
internal sealed class FalseDiscoveryRateAdjustment(ContrastFamily family) : FamilyAdjustment(family)
{
    /// <inheritdoc/>
    public override bool HasOwnIntervals => false;

    /// <inheritdoc/>
    public override double[] Probabilities() => Stepwise((rank, m) => (double)m / rank, isStepDown: false);

    /// <inheritdoc/>
    protected override double Quantile(double level, double df) => BonferroniQuantile(level, df);
}
