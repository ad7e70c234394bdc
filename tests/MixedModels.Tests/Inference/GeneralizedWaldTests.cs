using System.Text.Json;
using MixedModels.Data;
using MixedModels.Families;

namespace MixedModels.Tests.Inference;

/// <summary>Wald intervals of all parameters of generalized fits against glmmTMB's, from validation/generalized/intervals.json.</summary>
public sealed class GeneralizedWaldTests
{
    [Fact]
    public void WaldIntervals_NegativeBinomial_AreThoseOfGlmmTmb()
    {
        var wald = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "validation", "generalized", "intervals.json"))).RootElement.GetProperty("wald");
        var intervals = Fit("TICKS ~ factor(YEAR) + HEIGHT + (1 | BROOD) + (1 | LOCATION)", Family.NegativeBinomial2()).WaldIntervals();

        // glmmTMB calls theta of nbinom2 sigma; its Hessian is by differences.
        foreach (var (parameter, name) in new[]
        {
            ("HEIGHT", "cond.HEIGHT"), ("factor(YEAR)96", "cond.YEAR96"), ("sd[BROOD].(Intercept)", "cond.Std.Dev.(Intercept)|BROOD"),
            ("sd[LOCATION].(Intercept)", "cond.Std.Dev.(Intercept)|LOCATION"), ("theta[nbinom2]", "sigma"),
        })
        {
            var own = intervals.Single(interval => interval.Parameter == parameter);
            var row = wald.GetProperty(name);
            own.Lower.ShouldBe(row[0].GetDouble(), 2e-3 * (own.Upper - own.Lower));
            own.Upper.ShouldBe(row[1].GetDouble(), 2e-3 * (own.Upper - own.Lower));
        }
    }

    [Fact]
    public void WaldIntervals_CorrelatedSlopes_AreSymmetricOnTheirScalesAndNearTheProfile()
    {
        var fit = Fit("TICKS ~ scale(HEIGHT) + (scale(HEIGHT) | LOCATION)", Family.Poisson());
        var intervals = fit.WaldIntervals(0.9);
        var correlation = intervals.Single(interval => interval.Parameter.StartsWith("cor", StringComparison.Ordinal));
        (Math.Atanh(correlation.Upper) + Math.Atanh(correlation.Lower)).ShouldBe(2 * Math.Atanh(correlation.Estimate), 1e-10);
        var deviation = intervals.Single(interval => interval.Parameter == "sd[LOCATION].(Intercept)");
        (deviation.Lower * deviation.Upper).ShouldBe(deviation.Estimate * deviation.Estimate, 1e-10);
        var profile = LikelihoodProfile.Of(fit, new() { Level = 0.9, Parameters = [deviation.Parameter] }, TestContext.Current.CancellationToken).Intervals(0.9)[0];
        Math.Log(deviation.Lower / profile.Lower).ShouldBe(0, 0.1);
        Math.Log(deviation.Upper / profile.Upper).ShouldBe(0, 0.1);
    }

    [Fact]
    public void WaldIntervals_InnerFixedEffects_AreAsLongAsThoseOfLaplace()
    {
        // Fixed effects of the inner loop stand behind the others in no Hessian of the search; the covariance still has their place.
        var outer = Fit("TICKS ~ HEIGHT + (1 | BROOD)", Family.NegativeBinomial2()).WaldIntervals();
        var inner = new GeneralizedMixedModel("TICKS ~ HEIGHT + (1 | BROOD)", Family.NegativeBinomial2(), new() { Criterion = EstimationCriterion.Reml })
            .Fit(DataTable.Example("grouseticks"), TestContext.Current.CancellationToken);
        foreach (var (own, expected) in inner.WaldIntervals().Zip(outer))
        {
            own.Parameter.ShouldBe(expected.Parameter);

            // The restricted estimates are others, but known as well.
            var isLogarithm = own.Parameter.Contains('[', StringComparison.Ordinal);
            var (width, of) = isLogarithm ? (Math.Log(own.Upper / own.Lower), Math.Log(expected.Upper / expected.Lower)) : (own.Upper - own.Lower, expected.Upper - expected.Lower);
            width.ShouldBe(of, 0.1 * of);
        }

        RandomTermTests.Of(inner, TestContext.Current.CancellationToken).Tests[0].DegreesOfFreedom.ShouldBe(1);
        Should.Throw<InferenceException>(() => LikelihoodProfile.Of(inner, cancellationToken: TestContext.Current.CancellationToken)).Message.ShouldContain("inner loop");
        Should.Throw<InferenceException>(inner.ConditionalModesWithParameterUncertainty).Message.ShouldContain("inner loop");
    }

    [Fact]
    public void WaldIntervals_LevelOutOfRange_IsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Fit("TICKS ~ 1 + (1 | BROOD)", Family.Poisson()).WaldIntervals(1));

    private static GeneralizedMixedModelFit Fit(string formula, Family family) =>
        new GeneralizedMixedModel(formula, family).Fit(DataTable.Example("grouseticks"), TestContext.Current.CancellationToken);
}
