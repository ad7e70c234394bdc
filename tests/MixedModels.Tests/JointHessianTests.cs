using MixedModels.Data;
using MixedModels.Estimation.Linear;

namespace MixedModels.Tests;

/// <summary>
/// Why glmmTMB's standard errors of fixed effects are a little larger than ours: ours are sigma²(X'V⁻¹X)⁻¹, as lme4's, nlme's and SAS's; glmmTMB inverts the Hessian
/// in all parameters, whose block for beta is ours + J C J' with J = ∂beta(psi)/∂psi and C the covariance of the variance parameters psi.
/// </summary>
public sealed class JointHessianTests
{
    /// <summary>glmmTMB 1.1.5: standard errors of the intercept and of x; the unstructured fit ended there with a gradient of 7e-4.</summary>
    [Theory]
    [InlineData("y ~ x + cs(0 + factor(t) | id)", true, false, 0.0945217855862421, 0.0506439759353708, 2e-4)]
    [InlineData("y ~ x + toep(0 + factor(t) | id)", false, false, 0.092631151778445, 0.0402670966618455, 2e-4)]
    [InlineData("y ~ x + us(0 + factor(t) | id)", false, true, 0.1005342069232, 0.0396849304673454, 2e-3)]
    public void Coefficients_StructuredEffects_HaveTheStandardErrorsOfGlmmTmb(string formula, bool hasResidual, bool reml, double intercept, double slope, double tolerance)
    {
        var table = DataTable.ReadCsv(Path.Combine(RepositoryFolder.Path, "validation", "structures", "simlong.csv"), new DelimitedOptions { Factors = ["id"] });
        var criterion = reml ? EstimationCriterion.Reml : EstimationCriterion.MaximumLikelihood;
        ShouldBeJoint(new LinearMixedModel(formula, new() { Criterion = criterion, HasResidual = hasResidual }).FitTo(table), [intercept, slope], tolerance);
    }

    /// <summary>glmmTMB 1.1.5, dispformula = ~Days.</summary>
    [Fact]
    public void Coefficients_Dispersion_HaveTheStandardErrorsOfGlmmTmb() => ShouldBeJoint(
        new LinearMixedModel("Reaction ~ Days + (1 | Subject)", new() { Criterion = EstimationCriterion.MaximumLikelihood, Dispersion = "~ Days" }).FitTo(DataTable.Example("sleepstudy")),
        [8.01719528913687, 0.802915067031371], 2e-4);

    /// <summary>The same block by differences of the estimates: our covariance + J C J'.</summary>
    [Theory]
    [InlineData("Reaction ~ Days + (Days | Subject)", null, true)]
    [InlineData("Reaction ~ Days + (1 | Subject)", null, false)]
    [InlineData("Reaction ~ Days + (1 | Subject)", "ar1(Days | Subject)", true)]
    [InlineData("Reaction ~ Days", "csh(Days | Subject)", false)]
    public void Covariance_IsThatOfTheEstimatesWithMovedParameters(string formula, string? residual, bool reml)
    {
        // Days 3 and 7 of some subjects left out: in balanced data the estimates would not move.
        var sleep = DataTable.Example("sleepstudy");
        var table = sleep.SelectRows([.. Enumerable.Range(0, 180).Where(row => row % 7 != 3 && row % 11 != 4)]);
        var fit = new LinearMixedModel(formula, new()
        {
            Criterion = reml ? EstimationCriterion.Reml : EstimationCriterion.MaximumLikelihood,
            Residual = residual is null ? null : Residual.Parse(residual),
        }).FitTo(table);
        var C = fit.Effects.Variances().Covariance;
        var J = fit.Marginal is { } marginal
            ? marginal.AtOptimum((deviance, psi) => Slopes(psi, deviance, marginal.Data))
            : fit.Estimate.AtOptimum((data, deviance) => Slopes(fit.Optimum.Theta, deviance, data));
        var K = (int)Math.Sqrt(C.Length);
        K.ShouldBe(J.Length + 1, "sigma, which moves nothing, stands last");
        var joint = fit.Coefficients(DegreesOfFreedom.JointHessian).Covariance;
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 2; j++)
            {
                var expected = fit.CoefficientCovariance[i, j];
                for (var k = 0; k < J.Length; k++)
                {
                    for (var l = 0; l < J.Length; l++) expected += J[k][i] * C[k + (l * K)] * J[l][j];
                }

                joint[i, j].ShouldBe(expected, 1e-6 * Math.Sqrt(joint[i, i] * joint[j, j]));
            }
        }

        joint[0, 0].ShouldBeGreaterThan(fit.CoefficientCovariance[0, 0]);
    }

    [Fact]
    public void Coefficients_JointHessian_AreTestedByTheNormalDistribution()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (1 | Subject)", "sleepstudy");
        var row = fit.Coefficients(DegreesOfFreedom.JointHessian)[1];
        row.DegreesOfFreedom.ShouldBeNull();
        row.StandardError.ShouldBe(fit.Coefficients()[1].StandardError, 1e-9, "balanced: the estimates do not depend on the variances");
        fit.TestTerms(statistic: TestStatistic.ChiSquared, method: DegreesOfFreedom.JointHessian)[0].Statistic.ShouldBe(row.Statistic * row.Statistic, 1e-8 * row.Statistic * row.Statistic);
    }

    private static double[][] Slopes(double[] psi, IProfiledCriterion deviance, StandardizedData data)
    {
        double[][] rows = [.. psi.Select((_, k) => Slope(psi, k, moved =>
        {
            deviance.Value(moved);
            return UserUnits.Coefficients(data, deviance.beta);
        }))];
        deviance.Value(psi);
        return rows;
    }

    private static void ShouldBeJoint(LinearMixedModelFit fit, double[] reference, double tolerance)
    {
        var joint = fit.Coefficients(DegreesOfFreedom.JointHessian);
        for (var j = 0; j < reference.Length; j++)
        {
            joint[j].StandardError.ShouldBe(reference[j], tolerance * reference[j]);
            fit.Coefficients()[j].StandardError.ShouldBeLessThan(reference[j]);
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
