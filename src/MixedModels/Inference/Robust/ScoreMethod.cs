using MixedModels.Inference.SmallSample;

namespace MixedModels.Inference.Robust;

/// <summary>z tests and Wald's chi-square by a cluster-robust covariance of a generalized model.</summary>
/// <param name="fit">The effects with that covariance.</param>
/// <param name="robust">Which it is, its clusters named.</param>
/// <param name="clusters">Their number m: scores sum to zero, so the covariance has at most the rank m − 1.</param>
internal sealed class ScoreMethod(IFittedEffects fit, RobustCovariance robust, int clusters) : SmallSampleMethod(fit)
{
    /// <inheritdoc/>
    public override RobustCovariance? Robust => robust;

    /// <inheritdoc/>
    public override double Df(ContrastRows c) => double.PositiveInfinity;

    /// <inheritdoc/>
    public override FTest Joint(ContrastRows L, ReadOnlySpan<double> values) => L.Count < clusters ? base.Joint(L, values) : new(double.NaN, L.Count, double.NaN);

    /// <inheritdoc/>
    protected override double JointDf(ContrastRows L, double[] S) => double.PositiveInfinity;
}
