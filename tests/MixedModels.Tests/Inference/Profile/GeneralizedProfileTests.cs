using System.Text.Json;
using MixedModels.Data;
using MixedModels.Families;

namespace MixedModels.Tests.Inference.Profile;

/// <summary>Profiles of generalized fits: lme4's intervals, the linear engine's profiles, refits with a coefficient as an offset, bounds.</summary>
public sealed class GeneralizedProfileTests
{
    private static readonly Lazy<JsonElement> references = new(static () =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "validation", "generalized", "intervals.json"))).RootElement);

    [Theory]
    [InlineData("cbpp", 1)]
    [InlineData("cbpp9", 9)]
    public void Intervals_Cbpp_AreThoseOfLme4(string name, int points)
    {
        var entry = references.Value.GetProperty(name);
        var profile = LikelihoodProfile.Of(Fit("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial(), "cbpp", new() { Quadrature = points }), cancellationToken: Token);
        profile.Findings.ShouldBeEmpty();
        foreach (var interval in profile.Intervals())
        {
            var row = entry.GetProperty(interval.Parameter.StartsWith("sd", StringComparison.Ordinal) ? ".sig01" : interval.Parameter);

            // lme4 interpolates between points with splines.
            interval.Lower.ShouldBe(row[0].GetDouble(), 1e-3 * (interval.Upper - interval.Lower));
            interval.Upper.ShouldBe(row[1].GetDouble(), 1e-3 * (interval.Upper - interval.Lower));
        }
    }

    [Fact]
    public void Intervals_GaussianIdentity_AreThoseOfTheLinearEngine()
    {
        // Laplace's approximation of a Gaussian integral is exact, so every parameter has the linear model's profile.
        var generalized = LikelihoodProfile.Of(Fit("Reaction ~ Days + (Days | Subject)", Family.Gaussian(), "sleepstudy"), cancellationToken: Token);
        var linear = LikelihoodProfile.Of(
            new LinearMixedModel("Reaction ~ Days + (Days | Subject)", new() { Criterion = EstimationCriterion.MaximumLikelihood }).FitTo(DataTable.Example("sleepstudy")), cancellationToken: Token);
        generalized.ParameterNames.ShouldBe(linear.ParameterNames);
        foreach (var (own, expected) in generalized.Intervals().Zip(linear.Intervals()))
        {
            own.Estimate.ShouldBe(expected.Estimate, 1e-4 * (expected.Upper - expected.Lower));
            own.Lower.ShouldBe(expected.Lower, 1e-5 * (expected.Upper - expected.Lower));
            own.Upper.ShouldBe(expected.Upper, 1e-5 * (expected.Upper - expected.Lower));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Points_Coefficient_AreRefitsWithItAsAnOffset(int points)
    {
        var table = DataTable.Example("grouseticks");
        var fit = new GeneralizedMixedModel("TICKS ~ YEAR + HEIGHT + (1 | BROOD)", Family.NegativeBinomial2(), new() { Quadrature = points }).Fit(table, Token);
        var height = LikelihoodProfile.Of(fit, new() { Parameters = ["HEIGHT"] }, Token).Parameters.ShouldHaveSingleItem();
        height.Points.Count.ShouldBeGreaterThan(5);
        foreach (var point in new[] { height.Points[0], height.Points[2], height.Points[^1] })
        {
            var held = FormattableString.Invariant($"I({point.Value:R} * HEIGHT)");
            var refit = new GeneralizedMixedModel($"TICKS ~ YEAR + offset({held}) + (1 | BROOD)", Family.NegativeBinomial2(), new() { Quadrature = points }).Fit(table, Token);
            (refit.Deviance - fit.Deviance).ShouldBe(point.Zeta * point.Zeta, 1e-6);
            point.Parameters[0].ShouldBe(refit.Coefficients()[0].Estimate, 1e-4);
            point.Parameters[^1].ShouldBe(refit.FamilyParameters[0], 1e-3 * refit.FamilyParameters[0]);
        }
    }

    [Fact]
    public void Points_FamilyParameter_AreMinimaOfTheDevianceThere()
    {
        // The refit of nbinom2 with theta held: a user's family would do; here the deviance rises as the square of zeta and the ends lie where it should.
        var fit = Fit("TICKS ~ HEIGHT + (1 | BROOD)", Family.NegativeBinomial2(), "grouseticks");
        var theta = LikelihoodProfile.Of(fit, new() { Parameters = ["theta[nbinom2]"] }, Token).Parameters.ShouldHaveSingleItem();
        var wald = fit.WaldIntervals().Single(interval => interval.Parameter == "theta[nbinom2]");
        var interval = theta.Interval();
        theta.Estimate.ShouldBe(fit.FamilyParameters[0], 1e-9);
        Math.Log(interval.Lower / wald.Lower).ShouldBe(0, 0.05);
        Math.Log(interval.Upper / wald.Upper).ShouldBe(0, 0.05);
        theta.Points[0].Zeta.ShouldBe(-1.959964, 1e-5);
        theta.Points[^1].Zeta.ShouldBe(1.959964, 1e-5);
    }

    [Fact]
    public void Intervals_WeakVariance_EndAtZero()
    {
        var fit = Fit("TICKS ~ factor(YEAR) + HEIGHT + (1 | BROOD) + (1 | LOCATION)", Family.NegativeBinomial2(), "grouseticks");
        var location = LikelihoodProfile.Of(fit, new() { Parameters = ["sd[LOCATION].(Intercept)"] }, Token).Parameters.ShouldHaveSingleItem();
        location.Interval().Lower.ShouldBe(0);

        // At zero the profile is the fit without the term.
        var without = Fit("TICKS ~ factor(YEAR) + HEIGHT + (1 | BROOD)", Family.NegativeBinomial2(), "grouseticks");
        location.Points[0].Value.ShouldBe(0);
        (location.Points[0].Zeta * location.Points[0].Zeta).ShouldBe(without.Deviance - fit.Deviance, 1e-6);
    }

    [Fact]
    public void Intervals_CorrelatedSlopes_HoldDeviationsAndCorrelation()
    {
        var fit = Fit("TICKS ~ scale(HEIGHT) + (scale(HEIGHT) | LOCATION)", Family.Poisson(), "grouseticks");
        var profile = LikelihoodProfile.Of(fit, new() { Parameters = ["sd[LOCATION].scale(HEIGHT)", "cor[LOCATION].(Intercept).scale(HEIGHT)"] }, Token);
        foreach (var parameter in profile.Parameters)
        {
            var interval = parameter.Interval();
            interval.Lower.ShouldBeLessThan(parameter.Estimate);
            interval.Upper.ShouldBeGreaterThan(parameter.Estimate);

            // The held parameter is what the point's covariances say.
            var place = profile.ParameterNames.ToList().IndexOf(parameter.Name);
            foreach (var point in parameter.Points) point.Parameters[place].ShouldBe(point.Value, 1e-8);
        }

        profile.Findings.ShouldBeEmpty();
    }

    [Fact]
    public void Profile_WhatIsNotThere_IsRefused()
    {
        var fit = Fit("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial(), "cbpp");
        Should.Throw<InferenceException>(() => LikelihoodProfile.Of(fit, new() { Criterion = EstimationCriterion.Reml }, Token)).Message.ShouldContain("no REML criterion");
        Should.Throw<InferenceException>(() => LikelihoodProfile.Of(fit, new() { Parameters = ["sigma"] }, Token)).Message.ShouldContain("'sigma'");
    }

    [Theory]
    [InlineData("cs(0 + Machine | Worker)")]
    [InlineData("homcs(0 + Machine | Worker)")]
    [InlineData("ar1(0 + Machine | Worker)")]
    [InlineData("hetar1(0 + Machine | Worker)")]
    [InlineData("toep(0 + Machine | Worker)")]
    [InlineData("rr(0 + Machine | Worker, d = 1)")]
    [InlineData("rr(0 + Machine | Worker, d = 2)")]
    public void Intervals_GaussianIdentityBesideStructures_AreThoseOfTheLinearEngine(string term)
    {
        var formula = $"score ~ Machine + {term}";
        var linear = new LinearMixedModel(formula, new() { Criterion = EstimationCriterion.MaximumLikelihood }).FitTo(DataTable.Example("Machines"));
        var fit = Fit(formula, Family.Gaussian(), "Machines");
        fit.Deviance.ShouldBe(linear.Deviance, 1e-6);
        string[] names = [.. LikelihoodProfile.Of(linear, new() { Parameters = ["sigma"] }, Token).ParameterNames.Where(name => name.Contains('[', StringComparison.Ordinal))];
        var (own, expected) = (LikelihoodProfile.Of(fit, new() { Parameters = names }, Token), LikelihoodProfile.Of(linear, new() { Parameters = names }, Token));
        foreach (var (interval, other) in own.Intervals().Zip(expected.Intervals()))
        {
            interval.Parameter.ShouldBe(other.Parameter);
            var width = double.IsFinite(other.Upper) ? other.Upper - other.Lower : 1;
            if (double.IsFinite(other.Lower)) interval.Lower.ShouldBe(other.Lower, (1e-4 * width) + 1e-12, interval.Parameter);
            if (double.IsFinite(other.Upper)) interval.Upper.ShouldBe(other.Upper, (1e-4 * width) + 1e-12, interval.Parameter);
            (double.IsFinite(interval.Lower), double.IsFinite(interval.Upper)).ShouldBe((double.IsFinite(other.Lower), double.IsFinite(other.Upper)), interval.Parameter);
        }
    }

    [Theory]
    [InlineData("homdiag(0 + factor(YEAR) | LOCATION)")]
    [InlineData("cs(0 + factor(YEAR) | LOCATION)")]
    [InlineData("toep(0 + factor(YEAR) | LOCATION)")]
    public void Points_Structures_HoldTheParameterAndRiseFromTheFit(string term)
    {
        var fit = Fit($"TICKS ~ cHEIGHT + factor(YEAR) + {term}", Family.Poisson(), "grouseticks");
        var profile = LikelihoodProfile.Of(fit, cancellationToken: Token);
        profile.Parameters.Count.ShouldBe(profile.ParameterNames.Count);
        foreach (var parameter in profile.Parameters)
        {
            parameter.IsBetterThanTheFit.ShouldBeFalse(parameter.Name);
            var place = profile.ParameterNames.ToList().IndexOf(parameter.Name);
            parameter.Points.Count.ShouldBeGreaterThan(3, parameter.Name);
            foreach (var point in parameter.Points) point.Parameters[place].ShouldBe(point.Value, 1e-6 * Math.Max(1, Math.Abs(point.Value)), parameter.Name);
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static GeneralizedMixedModelFit Fit(string formula, Family family, string example, GeneralizedMixedModelOptions? options = null) =>
        new GeneralizedMixedModel(formula, family, options).Fit(DataTable.Example(example), Token);
}
