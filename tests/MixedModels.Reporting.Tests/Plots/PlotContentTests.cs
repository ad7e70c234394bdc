using System.Globalization;
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
        var fit = FittedExamples.Linear("machines");
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
    public void Profile_OfAGeneralizedFit_GivesTheIntervalsOfThePackage() =>
        new ProfileZetaPlot().Draw(FittedExamples.Of("shares"), cancellationToken: TestContext.Current.CancellationToken).Description
            .ShouldContain("period2 −0.9923 (−1.617 to −0.4078)"); // lme4's confint, validation/generalized/intervals.json

    [Fact]
    public void Bootstrap_OfAGeneralizedFit_StandsAtItsEstimates() =>
        new BootstrapPlot().Draw(FittedExamples.Of("shares"), new() { Replicates = 20, Seed = 1 }, TestContext.Current.CancellationToken).Description.ShouldContain("(estimate −0.9923)");

    [Fact]
    public void Means_OfAFactorThatIsNotThere_SaysSo() =>
        Should.Throw<PlotException>(() => new MeansPlot().Draw(FittedExamples.Of("machines"), new() { Over = "Tool" }, TestContext.Current.CancellationToken)).Message.ShouldContain("'Tool'");

    [Theory]
    [InlineData("means", "sleep", "the fixed part has no factor (mixed plot effect shows covariates).")]
    [InlineData("caterpillar", "linear", "the model has no random effects.")]
    [InlineData("profiles", "linear", "the model has neither random effects nor subjects of a residual structure.")]
    [InlineData("predicted", "answers", "yes and no answers lie on two lines, whatever is predicted (mixed plot calibration and roc compare them).")]
    public void WhyNot_SaysWhatToUseInstead(string plot, string example, string reason) =>
        PlotCatalogue.Find(plot).WhyNot(FittedExamples.Of(example).Inspect()).ShouldBe(reason);

    [Fact]
    public void LevelEstimates_OfCounts_AreThoseOfTheLevelAlone()
    {
        // A Poisson level with a free intercept fits its total: Σ mu = Σ y.
        var fit = FittedExamples.Of("counts").Inspect();
        var own = LevelEstimates.Of(fit, 0);
        var (term, modes) = (fit.Design.RandomTerms[0], fit.ConditionalModes()[0]);
        var judged = 0;
        for (var level = 0; level < own.Length; level++)
        {
            int[] rows = [.. Enumerable.Range(0, fit.Design.Observations).Where(r => term.LevelOfRow.Span[r] == level)];
            var total = rows.Sum(r => fit.Responses.Span[r]);
            (own[level] is null).ShouldBe(total == 0);
            if (own[level] is not { } effect) continue;
            rows.Sum(r => fit.MeanOf(fit.LinearPredictors.Span[r] + effect[0] - modes.Modes[level, 0])).ShouldBe(total, 1e-6);
            judged++;
        }

        judged.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void ReceiverCurve_Area_IsTheShareOfPairsInOrder()
    {
        var fit = FittedExamples.Of("answers").Inspect();
        var (y, p) = (fit.Design.Response.ToArray(), fit.FittedMeans.ToArray());
        double[] hits = [.. p.Where((_, r) => y[r] == 1)];
        double[] alarms = [.. p.Where((_, r) => y[r] == 0)];
        var pairs = hits.Sum(hit => alarms.Sum(alarm => hit > alarm ? 1 : hit == alarm ? 0.5 : 0)) / ((double)hits.Length * alarms.Length);
        ReceiverPlot.Curve(fit, p).Area.ShouldBe(pairs, 1e-12);
    }

    [Fact]
    public void Calibration_OfSharesInBins_AddsUpToTheTotals()
    {
        var fit = FittedExamples.Of("shares").Inspect();
        var bins = CalibrationPlot.Shares(fit, fit.FittedMeans.Span, 1.96);
        bins.Sum(bin => bin.Count).ShouldBe(fit.Design.Observations);
        bins.ShouldAllBe(bin => bin.Lower <= bin.Observed && bin.Observed <= bin.Upper && bin.Lower >= 0 && bin.Upper <= 1);
        bins.Select(bin => bin.Predicted).ShouldBeInOrder();
    }

    [Fact]
    public void Effect_OfCounts_IsTheMeanOfItsPredictor()
    {
        var fit = FittedExamples.Of("counts");
        var link = fit.EffectOf("HEIGHT", "YEAR", points: 3, scale: PredictionScale.Link);
        var mean = fit.EffectOf("HEIGHT", "YEAR", points: 3);
        for (var k = 0; k < link.Count; k++)
        {
            mean[k].Estimate.ShouldBe(Math.Exp(link[k].Estimate), 1e-12 * mean[k].Estimate);
            mean[k].Upper.ShouldBe(Math.Exp(link[k].Upper), 1e-12 * mean[k].Upper);
            mean[k].StandardError.ShouldBe(mean[k].Estimate * link[k].StandardError, 1e-12 * mean[k].Estimate);
        }
    }

    [Theory]
    [InlineData("profiles", "197 levels of USUBJID over AVISIT from VIS1 to VIS4, coloured by ARMCD;")]
    [InlineData("means", "Means: VIS1 PBO ")]
    [InlineData("influence", "197 levels in the order of Cook's distance")]
    [InlineData("residuals-by-group", "Standardised residuals of 197 levels in the order of their medians")]
    public void Plot_OfVisits_ShowsItsSubjects(string plot, string description) =>
        PlotCatalogue.Find(plot).Draw(FittedExamples.Of("visits"), cancellationToken: TestContext.Current.CancellationToken).Description.ShouldStartWith(description);

    [Fact]
    public void Correlation_OfAFirstOrderStructure_IsItsPowers()
    {
        var fit = FittedExamples.Linear("visits");
        var r = fit.Residual!.Groups[0].Correlations[1, 0];
        new CorrelationPlot().Draw(fit, cancellationToken: TestContext.Current.CancellationToken).ToSvg().ShouldContain($"<title>VIS4 and VIS1: {(r * r * r).ToString("0.000", CultureInfo.InvariantCulture)}</title>");
    }

    [Fact]
    public void Profiles_ByAnUnknownColumn_ListsThoseThereAre() =>
        Should.Throw<PlotException>(() => new ProfilesPlot().Draw(FittedExamples.Of("visits"), new() { Over = "Day" }, TestContext.Current.CancellationToken)).Message
            .ShouldBe("The model has no column 'Day' for the horizontal axis; it has AVISIT, ARMCD.");

    [Fact]
    public void Profiles_OfShares_HaveTicksBetweenWholeNumbers() =>
        new ProfilesPlot().Draw(FittedExamples.Of("shares"), cancellationToken: TestContext.Current.CancellationToken).ToSvg().ShouldContain(">0.2<");

    [Fact]
    public void Profiles_OfYesAndNo_AreDotsAndAMeanWithinThem() =>
        new ProfilesPlot().Draw(FittedExamples.Of("answers"), cancellationToken: TestContext.Current.CancellationToken).Caption.ShouldStartWith("Dots: the answers, spread about 0 and 1.");

    [Theory]
    [InlineData("sd[Subject].Days", "sd Days")]
    [InlineData("cor[Subject].(Intercept).Days", "cor (Intercept), Days")]
    [InlineData("sd[residual].VIS2", "sd residual VIS2")]
    [InlineData("theta[nbinom2]", "theta[nbinom2]")]
    [InlineData("sigma", "sigma")]
    public void Parameter_AboveASmallPanel_IsShort(string name, string shown) => PlotWords.Parameter(FittedExamples.Of("sleep").Inspect(), name).ShouldBe(shown);

    [Fact]
    public void Gap_OfAFewValuesInManyRows_IsTheirLeastDistance()
    {
        Spread.Gap([1, 1, 1, 1.5, 1.5, 1.5, 4, 4, 4]).ShouldBe(0.5);
        Spread.Gap([1, 2, 3, 4]).ShouldBe(0);
        Enumerable.Range(0, 50).Select(i => Spread.Of(i, 2)).ShouldAllBe(shift => Math.Abs(shift) <= 2);
    }

    [Fact]
    public void Rootogram_OfCounts_SaysHowManyZeros() =>
        new RootogramPlot().Draw(FittedExamples.Of("counts"), cancellationToken: TestContext.Current.CancellationToken).Description.ShouldStartWith("126 of 403 responses are 0, where ");

    [Fact]
    public void Effect_OfALinearModel_HasADotARowAtItsPartialResidual() =>
        new EffectPlot().Draw(FittedExamples.Of("sleep"), cancellationToken: TestContext.Current.CancellationToken).ToSvg().Split("<circle ").Length.ShouldBe(181);

    [Fact]
    public void PairContour_OfAStraightLine_IsTheClosedForm()
    {
        // By hand: with RSS the least sum of squares, holding a at a + d raises the deviance by n log(1 + d²V/RSS), V = n − Sx²/Sxx, and so for b. Traces are straight, by
        // −Sx/Sxx and −Sx/n; their zetas at c give one phase d, and the contour is zeta_a = c cos t, zeta_b = c cos(t − d).
        var fit = FittedExamples.Linear("linear");
        var profile = LikelihoodProfile.Of(fit, new() { Level = 0.99 }, TestContext.Current.CancellationToken);
        var (n, x, rss) = (fit.Observations, fit.Design.Fixed.X.ToArray()[fit.Observations..], fit.Residuals(ResidualKind.Raw).ToArray().Sum(e => e * e));
        var (sx, sxx) = (x.Sum(), x.Sum(value => value * value));
        double[] V = [n - (sx * sx / sxx), sxx - (sx * sx / n)];
        double Zeta(double d, int k) => Math.Sign(d) * Math.Sqrt(n * Math.Log(1 + (d * d * V[k] / rss)));
        double Distance(double zeta, int k) => Math.Sign(zeta) * Math.Sqrt(rss * (Math.Exp(zeta * zeta / n) - 1) / V[k]);
        foreach (var c in new double[] { 1, 2 })
        {
            var (acrosses, ups) = PairContour.Of(profile.Parameters[0], 0, profile.Parameters[1], 1, c);
            var phase = Math.Acos(Zeta(-sx / sxx * Distance(c, 0), 1) / c);
            for (var i = 0; i < acrosses.Length; i++)
            {
                var t = 2 * Math.PI * i / (acrosses.Length - 1);
                (acrosses[i] - profile.Parameters[0].Estimate).ShouldBe(Distance(c * Math.Cos(t), 0), 0.005 * Distance(c, 0)); // interpolation between points of the profile
                (ups[i] - profile.Parameters[1].Estimate).ShouldBe(Distance(c * Math.Cos(t - phase), 1), 0.005 * Distance(c, 1));
            }
        }
    }

    [Theory]
    [InlineData("simulated")]
    [InlineData("dispersion")]
    public void Simulations_BeyondTheMost_AreRefused(string plot) =>
        Should.Throw<PlotException>(() => PlotCatalogue.Find(plot).Draw(FittedExamples.Of("sleep"), new() { Replicates = 3000 }, TestContext.Current.CancellationToken)).Message.ShouldBe("3,000 replicates: at most 2,000 are drawn to compare responses with.");
}
