using MixedModels.Data;
using MixedModels.Families;

namespace MixedModels.Tests.Inference;

/// <summary>R² and intraclass correlations of generalized models from the formulas of Nakagawa, Johnson and Schielzeth 2017, written out again.</summary>
public sealed class GeneralizedSharesTests
{
    [Theory]
    [InlineData("logit", Math.PI * Math.PI / 3)]
    [InlineData("probit", 1.0)]
    [InlineData("cloglog", Math.PI * Math.PI / 6)]
    public void RSquared_Binomial_IsThatOfTheLatentVariable(string link, double latent)
    {
        var fit = Fit("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial(Link.Find(link)), "cbpp");
        fit.ObservationVariance.ShouldBe(ObservationVariance.Latent);
        var (f, g) = (FixedVariance(fit), fit.RandomTerms[0].Covariance[0, 0]);
        fit.RSquared().Marginal.Estimate.ShouldBe(f / (f + g + latent), 1e-12);
        fit.RSquared().Conditional.Estimate.ShouldBe((f + g) / (f + g + latent), 1e-12);
        fit.IntraclassCorrelations().ShouldHaveSingleItem().Share.Estimate.ShouldBe(g / (g + latent), 1e-12);
    }

    [Fact]
    public void RSquared_BinomialByDeltaMethod_UsesTheMeanProportion()
    {
        var fit = Fit("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial(), "cbpp");
        var mean = Sum(fit.Design.Response.Span) / Sum(fit.Design.Trials.Span);
        var (f, g, e) = (FixedVariance(fit), fit.RandomTerms[0].Covariance[0, 0], 1 / (mean * (1 - mean)));
        fit.RSquared(ObservationVariance.Delta).Marginal.Estimate.ShouldBe(f / (f + g + e), 1e-12);
    }

    [Fact]
    public void RSquared_Poisson_KnowsThreeObservationVariances()
    {
        var fit = Fit("TICKS ~ factor(YEAR) + (1 | BROOD)", Family.Poisson(), "grouseticks");
        var lambda = Sum(fit.Design.Response.Span) / fit.Observations;
        var (f, g) = (FixedVariance(fit), fit.RandomTerms[0].Covariance[0, 0]);
        fit.ObservationVariance.ShouldBe(ObservationVariance.Trigamma);
        fit.RSquared(ObservationVariance.Delta).Conditional.Estimate.ShouldBe((f + g) / (f + g + (1 / lambda)), 1e-12);
        fit.RSquared(ObservationVariance.LogNormal).Conditional.Estimate.ShouldBe((f + g) / (f + g + Math.Log(1 + (1 / lambda))), 1e-12);
        fit.RSquared().Conditional.Estimate.ShouldBe((f + g) / (f + g + Trigamma(lambda)), 1e-9);
    }

    [Fact]
    public void RSquared_EffectsOfEachRow_CountAsOverdispersion()
    {
        var fit = Fit("TICKS ~ factor(YEAR) + (1 | BROOD) + (1 | INDEX)", Family.Poisson(), "grouseticks");
        var lambda = Sum(fit.Design.Response.Span) / fit.Observations;
        var (f, brood, index) = (FixedVariance(fit), fit.RandomTerms[0].Covariance[0, 0], fit.RandomTerms[1].Covariance[0, 0]);
        fit.RSquared().Conditional.Estimate.ShouldBe((f + brood) / (f + brood + index + Trigamma(lambda)), 1e-9);
    }

    [Fact]
    public void RSquared_GammaWithLogLink_IsTrigammaOfTheShape()
    {
        var fit = Fit("Reaction ~ Days + (1 | Subject)", Family.Gamma(Link.Log), "sleepstudy");
        var (f, g) = (FixedVariance(fit), fit.RandomTerms[0].Covariance[0, 0]);
        fit.RSquared().Marginal.Estimate.ShouldBe(f / (f + g + Trigamma(fit.FamilyParameters[0])), 1e-9);
    }

    [Fact]
    public void RSquared_KindThatDoesNotApply_IsRefused()
    {
        var poisson = Fit("TICKS ~ 1 + (1 | BROOD)", Family.Poisson(), "grouseticks");
        Should.Throw<InferenceException>(() => poisson.RSquared(ObservationVariance.Latent)).Message.ShouldContain("binomial");
        var binomial = Fit("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial(Link.Cauchit), "cbpp");
        binomial.ObservationVariance.ShouldBe(ObservationVariance.Delta);
        Should.Throw<InferenceException>(() => binomial.RSquared(ObservationVariance.Latent)).Message.ShouldContain("cauchit");
        Should.Throw<InferenceException>(() => binomial.IntraclassCorrelations(ObservationVariance.Trigamma)).Message.ShouldContain("log link");
    }

    private static double FixedVariance(GeneralizedMixedModelFit fit)
    {
        var (n, beta) = (fit.Observations, fit.Coefficients());
        var eta = new double[n];
        for (var j = 0; j < beta.Count; j++)
        {
            for (var r = 0; r < n; r++) eta[r] += beta[j].Estimate * fit.Design.Fixed.X.Span[r + (j * n)];
        }

        return eta.Sum(value => Math.Pow(value - eta.Average(), 2)) / (n - 1);
    }

    /// <summary>Σ 1/(x + k)² with the integral's tail.</summary>
    private static double Trigamma(double x)
    {
        var sum = 0.0;
        const int last = 200_000;
        for (var k = 0; k < last; k++) sum += 1 / ((x + k) * (x + k));
        return sum + (1 / (x + last - 0.5));
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum;
    }

    private static GeneralizedMixedModelFit Fit(string formula, Family family, string example) =>
        new GeneralizedMixedModel(formula, family).Fit(DataTable.Example(example), TestContext.Current.CancellationToken);
}
