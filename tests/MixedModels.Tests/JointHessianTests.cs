using MixedModels.Data;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests;

/// <summary>
/// Why glmmTMB's standard errors of fixed effects are a little larger than ours: ours are sigma²(X'V⁻¹X)⁻¹, as lme4's, nlme's and SAS's; glmmTMB inverts the Hessian
/// in all parameters, whose block for beta is ours + J C J' with J = ∂beta(psi)/∂psi and C the covariance of the variance parameters psi.
/// </summary>
public sealed class JointHessianTests
{
    /// <summary>glmmTMB 1.1.5 by maximum likelihood: standard errors of the intercept and of x.</summary>
    [Theory]
    [InlineData("y ~ x + cs(0 + factor(t) | id)", true, 0.0945217855862421, 0.0506439759353708)]
    [InlineData("y ~ x + toep(0 + factor(t) | id)", false, 0.092631151778445, 0.0402670966618455)]
    public void Fit_StructuredEffects_GlmmTmbAddsTheVariancesShare(string formula, bool hasResidual, double intercept, double slope)
    {
        var table = DataTable.ReadCsv(Path.Combine(RepositoryFolder.Path, "validation", "structures", "simlong.csv"), new DelimitedOptions { Factors = ["id"] });
        var fit = new LinearMixedModel(formula, new() { Criterion = EstimationCriterion.MaximumLikelihood, HasResidual = hasResidual }).Fit(table);
        var information = fit.Effects.Variances();
        var theta = fit.Optimum.Theta;
        var J = fit.Estimate.AtOptimum((data, deviance) =>
        {
            var rows = theta.Select((_, k) => Slope(theta, k, moved =>
            {
                deviance.Value(moved);
                return UserUnits.Coefficients(data, deviance.beta);
            })).ToArray();
            deviance.Value(theta);
            return rows;
        });
        ShouldBeJoint(fit, J, information.Covariance, [intercept, slope]);
    }

    /// <summary>glmmTMB 1.1.5, dispformula = ~Days.</summary>
    [Fact]
    public void Fit_Dispersion_GlmmTmbAddsTheVariancesShare()
    {
        var fit = new LinearMixedModel(
            "Reaction ~ Days + (1 | Subject)", new() { Criterion = EstimationCriterion.MaximumLikelihood, Dispersion = "~ Days" }).Fit(DataTable.Example("sleepstudy"));
        var marginal = fit.Marginal!;
        var J = marginal.AtOptimum((deviance, psi) =>
        {
            var rows = psi.Select((_, k) => Slope(psi, k, moved =>
            {
                deviance.Value(moved);
                return UserUnits.Coefficients(marginal.Data, deviance.beta);
            })).ToArray();
            deviance.Value(psi);
            return rows;
        });
        ShouldBeJoint(fit, J, fit.Effects.Variances().Covariance, [8.01719528913687, 0.802915067031371]);
    }

    /// <summary>beta does not depend on sigma, which is last among the parameters of C where it is one.</summary>
    private static void ShouldBeJoint(LinearMixedModelFit fit, double[][] J, double[] C, double[] reference)
    {
        var K = (int)Math.Sqrt(C.Length);
        K.ShouldBeInRange(J.Length, J.Length + 1);
        for (var j = 0; j < reference.Length; j++)
        {
            var own = fit.CoefficientCovariance[j, j];
            var share = 0.0;
            for (var k = 0; k < J.Length; k++)
            {
                for (var l = 0; l < J.Length; l++) share += J[k][j] * C[k + (l * K)] * J[l][j];
            }

            Math.Sqrt(own + share).ShouldBe(reference[j], 2e-4 * reference[j]);
            own.ShouldBeLessThan(reference[j] * reference[j]);
        }
    }

    private static double[] Slope(double[] psi, int k, Func<double[], double[]> beta)
    {
        const double h = 1e-5;
        var (above, below) = ((double[])psi.Clone(), (double[])psi.Clone());
        above[k] += h;
        below[k] -= h;
        return [.. beta(above).Zip(beta(below), (a, b) => (a - b) / (2 * h))];
    }
}
