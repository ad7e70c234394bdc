namespace MixedModels.Inference.Means.Adjustments;

/// <summary><c>holm</c>: the k-th smallest p times the number of those not smaller, none below the one before.</summary>
/// <remarks>Source: Holm 1979, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6.</remarks>
internal sealed class HolmAdjustment(ContrastFamily family) : FamilyAdjustment(family)
{
    /// <inheritdoc/>
    public override bool HasOwnIntervals => false;

    /// <inheritdoc/>
    public override double[] Probabilities() => Stepwise((rank, m) => m - rank + 1, isStepDown: true);

    /// <inheritdoc/>
    protected override double Quantile(double level, double df) => BonferroniQuantile(level, df);
}
