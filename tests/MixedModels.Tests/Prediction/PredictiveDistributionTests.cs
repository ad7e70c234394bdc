using MixedModels.Families;
using MixedModels.Prediction;

namespace MixedModels.Tests.Prediction;

/// <summary>Distributions of new observations against plain sums over a fine grid, moments that are known, and quantiles turned back.</summary>
public sealed class PredictiveDistributionTests
{
    public static TheoryData<string, string, double, double, double> Discrete => new()
    {
        { "poisson", "log", 0.4, 0.3, 1 }, { "poisson", "log", 3, 1.2, 1 }, { "poisson", "log", 7, 0.04, 1 }, { "poisson", "sqrt", 3, 0.5, 1 }, { "poisson", "log", 2, 0, 1 },
        { "binomial", "logit", -1, 0.8, 12 }, { "binomial", "logit", 0.5, 4, 1000 }, { "binomial", "probit", 0.2, 0.5, 40 }, { "binomial", "cauchit", 0.2, 2, 40 },
        { "nbinom2", "log", 2, 0.5, 1 }, { "nbinom1", "log", 5, 0.1, 1 },
    };

    public static TheoryData<string, string, double, double> Continuous => new()
    {
        { "gaussian", "identity", 3, 0.7 }, { "gaussian", "log", 1, 0.2 }, { "Gamma", "log", 2, 0.5 }, { "Gamma", "inverse", 0.5, 0.002 }, { "inverse.gaussian", "log", 0.5, 0.1 },
    };

    [Theory]
    [MemberData(nameof(Discrete))]
    public void UpTo_OfCounts_IsTheSumOverAFineGrid(string name, string link, double eta, double variance, double trials)
    {
        var family = FamilyCatalogue.Create(name, Link.Find(link))!;
        double[] psi = [.. family.ParameterNames.Select(_ => 0.4)];
        var distribution = new PredictiveDistribution(family, trials, 1, eta, variance, [], FamilyNodes.Known(psi));
        foreach (var p in new[] { 0.025, 0.3, 0.975 })
        {
            var q = distribution.Quantile(p);
            q.ShouldBe(Math.Floor(q));
            distribution.UpTo(q).ShouldBeGreaterThanOrEqualTo(p);
            if (q > 0) distribution.UpTo(q - 1).ShouldBeLessThan(p);
            distribution.UpTo(q).ShouldBe(Fine(family, q, trials, eta, variance, psi), 2e-9);
        }
    }

    [Theory]
    [MemberData(nameof(Continuous))]
    public void Quantile_OfNumbers_IsWhereAFineGridSays(string name, string link, double eta, double variance)
    {
        var family = FamilyCatalogue.Create(name, Link.Find(link))!;
        double[] psi = [.. family.ParameterNames.Select(_ => 0.4)];
        var distribution = new PredictiveDistribution(family, 1, 2, eta, variance, [], FamilyNodes.Known(psi));
        foreach (var p in new[] { 0.005, 0.025, 0.5, 0.975, 0.9999 })
            Fine(family, distribution.Quantile(p), 1, eta, variance, psi, weight: 2).ShouldBe(p, 2e-9);
    }

    [Fact]
    public void Quantile_OfAGaussianIdentity_IsNormal()
    {
        var distribution = new PredictiveDistribution(Family.Gaussian(), 1, 4, 10, 0.5, [], FamilyNodes.Known([Math.Log(2)]));
        distribution.Quantile(0.975).ShouldBe(10 + (1.959963984540054 * Math.Sqrt(0.5 + 1)), 1e-8);
        distribution.Mean.ShouldBe(10, 1e-9);
        distribution.Deviation.ShouldBe(Math.Sqrt(1.5), 1e-8);
    }

    [Fact]
    public void Moments_OfAPoissonLogNormal_AreKnown()
    {
        var distribution = new PredictiveDistribution(Family.Poisson(), 1, 1, 1.5, 0.6, [], FamilyNodes.Known([]));
        var mean = Math.Exp(1.5 + 0.3);
        distribution.Mean.ShouldBe(mean, 1e-6 * mean);
        distribution.Deviation.ShouldBe(Math.Sqrt(mean + (mean * mean * (Math.Exp(0.6) - 1))), 1e-5 * mean);
    }

    [Fact]
    public void UpTo_WithAnUncertainDispersion_IsTheDoubleSum()
    {
        // (eta, log theta) normal with correlation: theta over a fine grid, eta given it over another.
        var family = Family.NegativeBinomial2();
        var (eta, variance, covariance, logTheta, spread) = (1.2, 0.5, 0.06, 0.7, 0.09);
        var distribution = new PredictiveDistribution(family, 1, 1, eta, variance, [covariance], FamilyNodes.Of([logTheta], [spread]));
        foreach (var y in new[] { 0.0, 3, 20 })
        {
            var (sum, total) = (0.0, 0.0);
            for (var x = -8.0; x <= 8; x += 0.05)
            {
                var w = Math.Exp(-0.5 * x * x);
                total += w;
                sum += w * Fine(family, y, 1, eta + (covariance / Math.Sqrt(spread) * x), variance - (covariance * covariance / spread), [logTheta + (Math.Sqrt(spread) * x)], points: 401);
            }

            distribution.UpTo(y).ShouldBe(sum / total, 1e-6);
        }
    }

    [Fact]
    public void FamilyNodes_OfAParameterAtItsLimit_CountItAsKnown()
    {
        FamilyNodes.Of([25], [1e6]).Psi.ShouldHaveSingleItem()[0].ShouldBe(25);
        FamilyNodes.Of([1], [0.04]).Psi.Length.ShouldBe(5);
    }

    private static double Fine(Family family, double y, double trials, double eta, double variance, double[] psi, double weight = 1, int points = 20_001)
    {
        var (sum, total, s) = (0.0, 0.0, Math.Sqrt(variance));
        for (var k = 0; k < points; k++)
        {
            var x = -9 + (18.0 * k / (points - 1));
            var w = Math.Exp(-0.5 * x * x);
            total += w;
            sum += w * family.Cumulative(new(y, trials, weight), family.Link.Mean(eta + (s * x)).Value, psi).UpTo;
        }

        return sum / total;
    }
}
