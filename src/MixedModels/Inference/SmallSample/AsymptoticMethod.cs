namespace MixedModels.Inference.SmallSample;

/// <summary><c>none</c>: the normal distribution, and chi-square for several functions.</summary>
internal sealed class AsymptoticMethod(IFittedEffects fit) : SmallSampleMethod(fit)
{
    /// <inheritdoc/>
    public override double Df(ContrastRows c) => double.PositiveInfinity;

    /// <inheritdoc/>
    protected override double JointDf(ContrastRows L, double[] S) => double.PositiveInfinity;
}
