using MixedModels.Data;
using MixedModels.Families;

namespace MixedModels.Tests.Inference.Comparison;

/// <summary>Tests of random terms of generalized fits are the comparison with the fit of the model without them.</summary>
public sealed class GeneralizedRandomTermTests
{
    [Fact]
    public void Of_Intercepts_AreComparisonsWithFitsWithoutThem()
    {
        var fit = Fit("TICKS ~ HEIGHT + (1 | BROOD) + (1 | LOCATION)");
        var tests = RandomTermTests.Of(fit, TestContext.Current.CancellationToken);
        tests.Tests.Select(test => test.Term).ShouldBe(["(1 | BROOD)", "(1 | LOCATION)"]);
        var without = Fit("TICKS ~ HEIGHT + (1 | BROOD)");
        tests.Tests[1].LogLikelihood.ShouldBe(without.LogLikelihood, 1e-7);
        tests.Tests[1].ParameterCount.ShouldBe(without.ParameterCount);
        tests.Tests[1].DegreesOfFreedom.ShouldBe(1);
        tests.Tests[1].ChiSquare.ShouldBe(without.Deviance - fit.Deviance, 1e-6);

        // The variance of locations is zero: the mixture has half its mass there. That of broods is not.
        tests.Tests[1].MixturePValue.ShouldBe(1);
        tests.Tests[0].MixturePValue!.Value.ShouldBe(0.5 * tests.Tests[0].PValue, 1e-3 * tests.Tests[0].PValue);
        tests.LogLikelihood.ShouldBe(fit.LogLikelihood);
    }

    [Fact]
    public void Of_CorrelatedSlope_TakesItsVarianceAndCovariance()
    {
        var fit = Fit("TICKS ~ scale(HEIGHT) + (scale(HEIGHT) | LOCATION)");
        var test = RandomTermTests.Of(fit, TestContext.Current.CancellationToken).Tests.ShouldHaveSingleItem();
        test.DegreesOfFreedom.ShouldBe(2);
        test.LogLikelihood.ShouldBe(Fit("TICKS ~ scale(HEIGHT) + (1 | LOCATION)").LogLikelihood, 1e-7);
        test.Converged.ShouldBeTrue();
    }

    [Fact]
    public void Of_OnlyTermByQuadrature_IsAgainstTheModelWithoutRandomEffects()
    {
        var fit = new GeneralizedMixedModel("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial(), new() { Quadrature = 9 })
            .Fit(DataTable.Example("cbpp"), TestContext.Current.CancellationToken);
        var test = RandomTermTests.Of(fit, TestContext.Current.CancellationToken).Tests.ShouldHaveSingleItem();

        var glm = new GeneralizedMixedModel("cbind(incidence, size - incidence) ~ period", Family.Binomial()).Fit(DataTable.Example("cbpp"), TestContext.Current.CancellationToken);
        test.LogLikelihood.ShouldBe(glm.LogLikelihood, 1e-8);
        test.ChiSquare.ShouldBeGreaterThan(10);
    }

    private static GeneralizedMixedModelFit Fit(string formula) =>
        new GeneralizedMixedModel(formula, Family.Poisson()).Fit(DataTable.Example("grouseticks"), TestContext.Current.CancellationToken);
}
