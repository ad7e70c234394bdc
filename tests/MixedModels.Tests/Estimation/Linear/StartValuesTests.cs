using MixedModels.Data;
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

    /// <summary>Without moments of its own a column starts where variation between and within levels is equal: 6 batches of 5.</summary>
    [Theory]
    [InlineData("Yield ~ Batch + (1 | Batch)")]
    [InlineData("Yield ~ 1 + (0 + zero | Batch)")]
    public void Compute_ColumnOfWhichNothingIsLeft_StartsAtItsLevelsOverTheRows(string formula)
    {
        var table = DataTable.Example("Dyestuff").WithColumn(new NumericColumn("zero", new double[30]));
        var (deviance, standardized) = ProfiledDevianceTests.Create(LinearData.From(new LinearMixedModel(formula).Prepare(table)), reml: true);
        StartValues.Compute(deviance, standardized).ShouldHaveSingleItem().ShouldBe(Math.Sqrt(6.0 / 30), 1e-12);
    }

    [Fact]
    public void Compute_AnyProblem_IsFiniteAndPositiveOnTheDiagonal() => RandomProblems.Check(problem =>
    {
        var (deviance, standardized) = ProfiledDevianceTests.Create(problem.Data(), reml: true);
        var theta = StartValues.Compute(deviance, standardized);
        double.IsFinite(deviance.Value(theta)).ShouldBeTrue();
        var factors = deviance.Layout.Factors(theta);
        for (var t = 0; t < factors.Length; t++)
        {
            var p = deviance.Layout.Structure(t).Dimension;
            for (var i = 0; i < p; i++) factors[t][i * (p + 1)].ShouldBeGreaterThan(0);
        }
    });
}
