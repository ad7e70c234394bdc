using MixedModels.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Linear;

public sealed class StartValuesTests
{
    [Fact]
    public void Compute_BalancedOneWay_IsTheEstimateOfTheAnalysisOfVariance()
    {
        var (deviance, standardized) = LinearOptimizerTests.Problem("Yield ~ 1 + (1 | Batch)", "Dyestuff");
        var theta = StartValues.Compute(deviance, standardized);

        // In balanced data the estimate by moments is the REML estimate, here inside its bounds.
        theta.ShouldHaveSingleItem().ShouldBe(LinearOptimizerTests.Minimize(deviance, standardized).Theta[0], 1e-6);
    }

    [Fact]
    public void Compute_BalancedCrossed_IsTheEstimateOfTheAnalysisOfVariance()
    {
        var (deviance, standardized) = LinearOptimizerTests.Problem("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin");
        var theta = StartValues.Compute(deviance, standardized);
        theta.ShouldBe(LinearOptimizerTests.Minimize(deviance, standardized).Theta, 1e-5);
    }

    [Fact]
    public void Compute_LessVariationBetweenThanWithin_StartsAboveZero()
    {
        var (deviance, standardized) = LinearOptimizerTests.Problem("Yield ~ 1 + (1 | Batch)", "Dyestuff2");

        // 5 % of levels over trace of Z'PZ: 6/(30 − 5).
        StartValues.Compute(deviance, standardized)[0].ShouldBe(Math.Sqrt(0.05 * 6 / 25), 1e-12);
    }

    [Fact]
    public void Compute_RandomProblem_IsFiniteAndPositiveOnTheDiagonal()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var (deviance, standardized) = ProfiledDevianceTests.Create(RandomProblem.Create(seed), reml: true);
            var theta = StartValues.Compute(deviance, standardized);
            double.IsFinite(deviance.Value(theta)).ShouldBeTrue($"seed {seed}");
            var factors = deviance.Layout.Factors(theta);
            for (var t = 0; t < factors.Length; t++)
            {
                var p = deviance.Layout.Structure(t).Dimension;
                for (var i = 0; i < p; i++) factors[t][i * (p + 1)].ShouldBeGreaterThan(0);
            }
        }
    }
}
