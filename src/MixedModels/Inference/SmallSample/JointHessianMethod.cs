using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.SmallSample;

/// <summary>
/// <c>joint-hessian</c>: the normal distribution, with Cov(beta) the block of the inverse Hessian in all parameters, the covariances' among them.
/// </summary>
/// <remarks>
/// The inverse of the joint Hessian has the block F + J C J' for beta: F = sigma²(X'V⁻¹X)⁻¹ as if the covariances were known, J = ∂beta-hat/∂psi and C the covariance of the estimated psi.
/// Under REML the same expression is the covariance of beta given the data and psi, and the delta method in psi. glmmTMB reports these: Kristensen et al. 2016, J. Stat. Softw. 70(5), section 2.2.
/// </remarks>
internal sealed class JointHessianMethod : SmallSampleMethod
{
    private readonly double[] covariance;
    private readonly VarianceInformation variances;

    /// <summary>The covariance at a fit.</summary>
    public JointHessianMethod(IFittedEffects fit)
        : base(fit)
    {
        variances = fit.Variances();
        var (p, K, slopes) = (fit.Coordinates.Length, (int)Math.Sqrt(variances.Covariance.Length), variances.Slopes);
        covariance = new double[p * p];
        for (var k = 0; k < slopes.Count; k++)
        {
            for (var l = 0; l < slopes.Count; l++)
            {
                for (var j = 0; j < p; j++) Vectors.AddScaled(variances.Covariance[k + (l * K)] * slopes[l][j], slopes[k], covariance.AsSpan(j * p, p));
            }
        }

        for (var j = 0; j < p; j++) covariance[j * (p + 1)] += fit.CoordinateVariance;
        if (!variances.IsDefinite) Array.Fill(covariance, double.NaN);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Finding> Findings => variances.IsDefinite
        ? []
        : [
            new(
                "df-undefined",
                FindingSeverity.Warning,
                "Standard errors from the Hessian in all parameters cannot be found: the criterion does not curve upwards in every direction of the variances.",
                "The estimate is not at a proved minimum, so how well the variances are known is unknown.",
                "Look at the convergence message first; or ask for --df residual or none, which need no variances of variances."),
        ];

    /// <inheritdoc/>
    public override double Variance(ContrastRows c) => c.QuadraticForm(covariance)[0];

    /// <inheritdoc/>
    public override double[] Covariance(ContrastRows L) => L.QuadraticForm(covariance);

    /// <inheritdoc/>
    public override double Df(ContrastRows c) => double.PositiveInfinity;

    /// <inheritdoc/>
    protected override double JointDf(ContrastRows L, double[] S) => double.PositiveInfinity;
}
