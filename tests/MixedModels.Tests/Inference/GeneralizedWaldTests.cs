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

        // glmmTMB's theta are logarithms of standard deviations; its Hessian is by differences.
        foreach (var (parameter, name, isLogarithm) in new[]
        {
            ("HEIGHT", "HEIGHT", false), ("factor(YEAR)96", "YEAR96", false), ("sd[BROOD].(Intercept)", "theta_1|BROOD.1", true), ("sd[LOCATION].(Intercept)", "theta_1|LOCATION.1", true),
        })
        {
            var own = intervals.Single(interval => interval.Parameter == parameter);
            var row = wald.GetProperty(name);
            var (lower, upper) = isLogarithm ? (Math.Exp(row[0].GetDouble()), Math.Exp(row[1].GetDouble())) : (row[0].GetDouble(), row[1].GetDouble());
            own.Lower.ShouldBe(lower, 5e-3 * (own.Upper - own.Lower));
            own.Upper.ShouldBe(upper, 5e-3 * (own.Upper - own.Lower));
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
    public void WaldIntervals_LevelOutOfRange_IsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => Fit("TICKS ~ 1 + (1 | BROOD)", Family.Poisson()).WaldIntervals(1));

    private static GeneralizedMixedModelFit Fit(string formula, Family family) =>
        new GeneralizedMixedModel(formula, family).Fit(DataTable.Example("grouseticks"), TestContext.Current.CancellationToken);
}
