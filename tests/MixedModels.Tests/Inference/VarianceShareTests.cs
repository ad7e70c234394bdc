using MixedModels.Data;

namespace MixedModels.Tests.Inference;

public sealed class VarianceShareTests
{
    /// <summary>Johnson's definition from the rows, with the user's own covariances.</summary>
    [Theory]
    [InlineData("Reaction ~ Days + (Days | Subject)", "sleepstudy")]
    [InlineData("Reaction ~ poly(Days, 2) + (1 | Subject) + (0 + Days | Subject)", "sleepstudy")]
    [InlineData("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin")]
    [InlineData("Yield ~ 1 + (1 | Batch)", "Dyestuff2")]
    [InlineData("score ~ Machine", "Machines")]
    public void Shares_AnyModel_AreTheirDefinitions(string formula, string example)
    {
        var fit = FittedExamples.Of(formula, example);
        var n = fit.Observations;
        double[] means = [.. fit.Predict(new() { Target = PredictionTarget.Population }).Select(row => row.Fit)];
        var f = means.Sum(mean => Math.Pow(mean - means.Average(), 2)) / (n - 1);
        var parts = fit.RandomTerms.Select((term, t) => (term.Group, Value: Enumerable.Range(0, n).Average(r => Form(fit, t, r)))).ToArray();
        var (random, residual) = (parts.Sum(part => part.Value), fit.Sigma * fit.Sigma);
        fit.RSquared().Marginal.Estimate.ShouldBe(f / (f + random + residual), 1e-10);
        fit.RSquared().Conditional.Estimate.ShouldBe((f + random) / (f + random + residual), 1e-10);
        foreach (var icc in fit.IntraclassCorrelations())
            icc.Share.Estimate.ShouldBe(parts.Where(part => part.Group == icc.Group).Sum(part => part.Value) / (random + residual), 1e-10);
        fit.RSquared().Marginal.Lower.ShouldBeNull();
    }

    /// <summary>
    /// Balanced one-way: the logit of the intraclass correlation is log of (MSB/MSW − 1)/5, and the mean squares are independent with
    /// variances 2 MS²/df. The observed information at a REML optimum inside gives that very variance.
    /// </summary>
    [Fact]
    public void IntraclassCorrelation_BalancedOneWay_HasTheHandInterval()
    {
        var fit = FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff");
        var within = fit.Sigma * fit.Sigma;
        var between = (5 * fit.RandomTerms[0].Covariance[0, 0]) + within;
        var ratio = between / within;
        var error = ratio / (ratio - 1) * Math.Sqrt((2.0 / 5) + (2.0 / 24));
        var logit = Math.Log((ratio - 1) / 5);
        var share = fit.IntraclassCorrelations(0.95)[0].Share;
        share.Lower!.Value.ShouldBe(1 / (1 + Math.Exp((1.959963984540054 * error) - logit)), 1e-6);
        share.Upper!.Value.ShouldBe(1 / (1 + Math.Exp((-1.959963984540054 * error) - logit)), 1e-6);
    }

    /// <summary>Least squares: logit = log(beta²C/s²), with variance 4/t² for the slope and 2/(n − 2) for s².</summary>
    [Fact]
    public void RSquared_OneSlope_HasTheHandInterval()
    {
        var fit = FittedExamples.Of("Reaction ~ Days", "sleepstudy");
        var t = fit.Coefficients()[1].Statistic;
        var share = fit.RSquared(0.9).Marginal;
        var logit = Math.Log(share.Estimate / (1 - share.Estimate));
        var half = 1.6448536269514722 * Math.Sqrt((4 / (t * t)) + (2.0 / 178));
        share.Lower!.Value.ShouldBe(1 / (1 + Math.Exp(half - logit)), 1e-10);
        share.Upper!.Value.ShouldBe(1 / (1 + Math.Exp(-half - logit)), 1e-10);
    }

    [Fact]
    public void Shares_OnTheBoundary_AreZeroWithoutAnInterval()
    {
        var fit = FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff2");
        var share = fit.IntraclassCorrelations(0.95)[0].Share;
        share.Estimate.ShouldBe(0);
        double.IsNaN(share.Lower!.Value).ShouldBeTrue();
        fit.RSquared().Conditional.Estimate.ShouldBe(0, 1e-12);
        Should.Throw<ArgumentOutOfRangeException>(() => fit.RSquared(95));
    }

    private static double Form(LinearMixedModelFit fit, int t, int r)
    {
        var (term, G) = (fit.Design.RandomTerms[t], fit.RandomTerms[t].Covariance);
        double z(int j) => term.Z.Span[r + (j * fit.Observations)];
        return Enumerable.Range(0, G.Rows).Sum(i => Enumerable.Range(0, G.Rows).Sum(j => z(i) * G[i, j] * z(j)));
    }

    [Fact]
    public void RSquared_OfAnInterceptAlone_IsZeroWithoutAnInterval()
    {
        // The average of 30 equal numbers is off by rounding; that is no variance of fixed effects.
        var marginal = FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff").RSquared(level: 0.95).Marginal;
        (marginal.Estimate, marginal.Lower, marginal.Upper).ShouldBe((0, double.NaN, double.NaN));
    }
}
