using MixedModels.Reporting.Plots;

namespace MixedModels.Reporting.Tests.Plots;

/// <summary>What single plots say.</summary>
public class PlotContentTests
{
    [Fact]
    public void ComparisonArrows_OfSumsOfTwo_AreThoseTwo()
    {
        double[] reach = [1, 2, 3.5, 0.5];
        var halves = new double[4, 4];
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++) halves[i, j] = i == j ? 0 : reach[i] + reach[j];
        }

        var solved = ComparisonArrows.Solve(halves, 4);
        for (var i = 0; i < 4; i++) solved[i].ShouldBe(reach[i], 1e-12);
    }

    [Fact]
    public void ComparisonArrows_OfMachines_SayWhatTukeySays()
    {
        var fit = FittedExamples.Of("machines");
        var means = fit.MarginalMeans("Machine");
        var reach = ComparisonArrows.Of(means, 0.95)!;
        var pairs = means.Pairwise();
        var next = 0;
        for (var i = 0; i < means.Count; i++)
        {
            for (var j = i + 1; j < means.Count; j++)
                (Math.Abs(means[i].Estimate - means[j].Estimate) > reach[means[i]] + reach[means[j]]).ShouldBe(pairs[next++].PValue < 0.05);
        }
    }

    [Fact]
    public void LevelEstimates_WithoutShrinkage_AreLeastSquaresOfEachSubject()
    {
        // Subject 308, lm(Reaction ~ Days): 244.19 and 21.76 (Bates et al. 2015, section 1.2), less the fixed effects 251.405 and 10.467.
        var own = LevelEstimates.Of(FittedExamples.Of("sleep").Inspect(), 0)[0]!;
        own[0].ShouldBe(244.19 - 251.405, 0.01);
        own[1].ShouldBe(21.76 - 10.467, 0.01);
    }

    [Fact]
    public void Caterpillar_DescribesItsEnds() =>
        new CaterpillarPlot().Draw(FittedExamples.Of("sleep"), cancellationToken: TestContext.Current.CancellationToken).Description.ShouldStartWith("18 levels of Subject in the order of (Intercept), from 309 (−40.4) to 337 (34.89).");

    [Fact]
    public void Profile_GivesTheIntervalsOfThePackage() =>
        new ProfileZetaPlot().Draw(FittedExamples.Of("sleep"), cancellationToken: TestContext.Current.CancellationToken).Description.ShouldContain("Days 10.47 (7.359 to 13.58)"); // lme4's confint

    [Fact]
    public void Means_OfAFactorThatIsNotThere_SaysSo() =>
        Should.Throw<PlotException>(() => new MeansPlot().Draw(FittedExamples.Of("machines"), new() { Over = "Tool" }, TestContext.Current.CancellationToken)).Message.ShouldContain("'Tool'");

    [Theory]
    [InlineData("means", "sleep", "the fixed part has no factor (mixed plot effect shows covariates).")]
    [InlineData("caterpillar", "linear", "the model has no random effects.")]
    public void WhyNot_SaysWhatToUseInstead(string plot, string example, string reason) =>
        PlotCatalogue.Find(plot).WhyNot(FittedExamples.Of(example).Inspect()).ShouldBe(reason);
}
