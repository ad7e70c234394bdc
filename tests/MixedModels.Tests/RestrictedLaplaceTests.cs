using MixedModels.Data;
using MixedModels.Families;

namespace MixedModels.Tests;

/// <summary>Restricted likelihoods by Laplace's approximation, and fits whose fixed effects are at the joint mode.</summary>
public class RestrictedLaplaceTests
{
    private const string Cbpp = "cbind(incidence, size - incidence) ~ period + (1 | herd)";

    private static readonly DataTable herds = DataTable.Example("cbpp");

    private static GeneralizedMixedModelOptions Restricted => new() { Criterion = EstimationCriterion.Reml };

    [Fact]
    public void Fit_GaussianIdentity_IsTheLinearModelByReml()
    {
        // The integral is exact here, so that this is REML itself, whatever fixed effects stand beside.
        var sleep = DataTable.Example("sleepstudy");
        const string Formula = "Reaction ~ Days + (Days | Subject)";
        var linear = new LinearMixedModel(Formula).Fit(sleep, TestContext.Current.CancellationToken);
        var fit = new GeneralizedMixedModel(Formula, Family.Gaussian(), Restricted).Fit(sleep, TestContext.Current.CancellationToken);
        fit.Deviance.ShouldBe(linear.Deviance, 1e-6);
        fit.Convergence.Converged.ShouldBeTrue();
        fit.ParameterCount.ShouldBe(linear.ParameterCount);
        fit.FamilyParameters[0].ShouldBe(linear.Sigma, 1e-4);
        for (var j = 0; j < 2; j++)
        {
            fit.RandomTerms[0].StandardDeviations[j].ShouldBe(linear.RandomTerms[0].StandardDeviations[j], 1e-3);
            fit.Coefficients()[j].Estimate.ShouldBe(linear.Coefficients()[j].Estimate, 1e-5);

            // Balanced data: the estimates do not move with the variances, and the covariance given these is all.
            fit.Coefficients()[j].StandardError.ShouldBe(linear.Coefficients()[j].StandardError, 1e-3);
        }
    }

    [Fact]
    public void Fit_CbppRestricted_IsThatOfGlmmTmb()
    {
        // glmmTMB 1.1.5, glmmTMB(…, REML = TRUE) with rel.tol 1e-14.
        var fit = new GeneralizedMixedModel(Cbpp, Family.Binomial(), Restricted).Fit(herds, TestContext.Current.CancellationToken);
        fit.Method.ShouldBe("REML");
        fit.LogLikelihood.ShouldBe(-93.19906710, 1e-6);
        Near(fit, [-1.36701519, -0.96934829, -1.10445412, -1.55188627], [0.23763973, 0.30550177, 0.32547873, 0.42648682], 1e-4);
        fit.RandomTerms[0].StandardDeviations[0].ShouldBe(0.68186728, 1e-4);
    }

    [Fact]
    public void Fit_TicksNegativeBinomialRestricted_IsThatOfGlmmTmb()
    {
        // The same of glmmTMB: a family parameter and two factors.
        var fit = new GeneralizedMixedModel("TICKS ~ YEAR + HEIGHT + (1 | BROOD) + (1 | LOCATION)", Family.NegativeBinomial2(), Restricted).Fit(DataTable.Example("grouseticks"), TestContext.Current.CancellationToken);
        fit.LogLikelihood.ShouldBe(-896.15172734, 1e-6);
        fit.Convergence.Converged.ShouldBeTrue();
        fit.FamilyParameters[0].ShouldBe(3.27885004, 1e-3);
        fit.RandomTerms[0].StandardDeviations[0].ShouldBe(0.70557397, 1e-4);
        fit.RandomTerms[1].StandardDeviations[0].ShouldBe(0.62917073, 1e-4);
        fit.Coefficients()[1].Estimate.ShouldBe(1.11952903, 1e-4);
        fit.Coefficients()[2].Estimate.ShouldBe(-0.94488319, 1e-4);
        fit.Coefficients()[3].StandardError.ShouldBe(0.00358496, 1e-6);
    }

    [Fact]
    public void Fit_CbppWithFixedEffectsInside_IsThatOfLme4()
    {
        // lme4 1.1-31, glmer(…, nAGQ = 0) with tolPwrss = 1e-13 (by default it stops 5e-5 short). Its standard errors are those given the variance, ours have its uncertainty too.
        var fit = new GeneralizedMixedModel(Cbpp, Family.Binomial(), new() { Quadrature = 0 }).Fit(herds, TestContext.Current.CancellationToken);
        fit.Method.ShouldBe("PIRLS0");
        fit.LogLikelihood.ShouldBe(-92.05429547, 1e-6);
        Near(fit, [-1.36047198, -0.97617723, -1.11107666, -1.55968024], [0.22757489, 0.30328737, 0.32351182, 0.42445552], 5e-3);
        fit.RandomTerms[0].StandardDeviations[0].ShouldBe(0.64181641, 1e-4);
        var laplace = new GeneralizedMixedModel(Cbpp, Family.Binomial()).Fit(herds, TestContext.Current.CancellationToken);
        laplace.LogLikelihood.ShouldBeGreaterThan(fit.LogLikelihood);
        foreach (var (own, given) in fit.Coefficients().Zip([0.22757489, 0.30328737, 0.32351182, 0.42445552])) own.StandardError.ShouldBeGreaterThan(given - 1e-4);
    }

    [Theory]
    [InlineData(EstimationCriterion.Reml, 1)]
    [InlineData(EstimationCriterion.MaximumLikelihood, 0)]
    public void Save_AndLoad_GivesTheSameNumbers(EstimationCriterion criterion, int points)
    {
        var path = Path.Combine(Path.GetTempPath(), $"restricted-{Guid.NewGuid():N}.fit");
        try
        {
            var fit = new GeneralizedMixedModel(Cbpp, Family.Binomial(), new() { Criterion = criterion, Quadrature = points }).Fit(herds, TestContext.Current.CancellationToken);
            fit.Save(path);
            var loaded = GeneralizedMixedModelFit.Load(path);
            loaded.Method.ShouldBe(fit.Method);
            loaded.Deviance.ShouldBe(fit.Deviance);
            loaded.ParameterCount.ShouldBe(fit.ParameterCount);
            for (var j = 0; j < 4; j++)
            {
                loaded.Coefficients()[j].Estimate.ShouldBe(fit.Coefficients()[j].Estimate, 1e-9);
                loaded.Coefficients()[j].StandardError.ShouldBe(fit.Coefficients()[j].StandardError, 1e-9);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Compare_RestrictedFitsOfOtherFixedParts_IsRefused()
    {
        var large = new GeneralizedMixedModel(Cbpp, Family.Binomial(), Restricted).Fit(herds, TestContext.Current.CancellationToken);
        var small = new GeneralizedMixedModel("cbind(incidence, size - incidence) ~ 1 + (1 | herd)", Family.Binomial(), Restricted).Fit(herds, TestContext.Current.CancellationToken);
        Should.Throw<InferenceException>(() => ModelComparison.Of([small, large])).Message.ShouldContain("other fixed parts");
        Should.Throw<InferenceException>(() => new GeneralizedMixedModel(Cbpp, Family.Binomial(), Restricted with { Quadrature = 9 }));
    }

    [Fact]
    public void Fit_WithoutRandomTerms_IsTheGlmAndItsRestrictedForm()
    {
        const string Formula = "cbind(incidence, size - incidence) ~ period";
        var glm = new GeneralizedMixedModel(Formula, Family.Binomial()).Fit(herds, TestContext.Current.CancellationToken);
        var inner = new GeneralizedMixedModel(Formula, Family.Binomial(), new() { Quadrature = 0 }).Fit(herds, TestContext.Current.CancellationToken);
        inner.Deviance.ShouldBe(glm.Deviance, 1e-8);
        for (var j = 0; j < 4; j++) inner.Coefficients()[j].StandardError.ShouldBe(glm.Coefficients()[j].StandardError, 1e-6);

        // Here the restricted deviance is that of the GLM and log|X'WX| − p log 2π = −log|Cov| − p log 2π.
        var restricted = new GeneralizedMixedModel(Formula, Family.Binomial(), Restricted).Fit(herds, TestContext.Current.CancellationToken);
        var determinant = 1.0;
        var covariance = glm.CoefficientCovariance;
        var A = new double[4, 4];
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++) A[i, j] = covariance[i, j];
        }

        for (var k = 0; k < 4; k++)
        {
            determinant *= A[k, k];
            for (var i = k + 1; i < 4; i++)
            {
                for (var j = 3; j >= k; j--) A[i, j] -= A[i, k] / A[k, k] * A[k, j];
            }
        }

        restricted.Deviance.ShouldBe(glm.Deviance - Math.Log(determinant) - (4 * Math.Log(2 * Math.PI)), 1e-5);
    }

    private static void Near(GeneralizedMixedModelFit fit, double[] estimates, double[] errors, double tolerance)
    {
        for (var j = 0; j < estimates.Length; j++)
        {
            fit.Coefficients()[j].Estimate.ShouldBe(estimates[j], 1e-4);
            fit.Coefficients()[j].StandardError.ShouldBe(errors[j], tolerance);
        }
    }
}
