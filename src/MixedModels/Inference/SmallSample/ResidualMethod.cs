namespace MixedModels.Inference.SmallSample;

/// <summary><c>residual</c>: rows less independent fixed effects, whatever the random effects.</summary>
internal sealed class ResidualMethod(IFittedEffects fit) : SmallSampleMethod(fit)
{
    /// <inheritdoc/>
    public override double Df(ContrastRows c) => Fit.Design.Observations - Fit.Coordinates.Length;

    /// <inheritdoc/>
    protected override double JointDf(ContrastRows L, double[] S) => Fit.Design.Observations - Fit.Coordinates.Length;
}
