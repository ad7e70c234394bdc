using System.Globalization;
using MixedModels.Data;
using MixedModels.Tests.Data;

namespace MixedModels.Tests.Inference.Means;

/// <summary>Marginal means with a factor nested in another: drugs that are given by one route each.</summary>
public sealed class NestedMeansTests
{
    private static readonly string[] drugs = ["bios", "cycl", "flux", "neut", "pers"];
    private static readonly Lazy<LinearMixedModelFit> fit = new(() => new LinearMixedModel("y ~ route * drug * c").FitTo(Drugs()));

    // R 4.2, emmeans 1.8.4.1: emmeans(lm(y ~ route * drug * c), …) of the same data.
    [Theory]
    [InlineData("c", MeanWeights.Equal, 2.557410417, 1.874305208, 0.4939796972, 0.3492963936)]
    [InlineData("c", MeanWeights.Proportional, 2.88309, 2.144295, 0.4839992805, 0.3422391734)]
    [InlineData("route", MeanWeights.Equal, 0.726684375, 3.70503125, 0.4686302883, 0.3826350281)]
    [InlineData("route", MeanWeights.Proportional, 0.6592416667, 3.544772222, 0.441828873, 0.3607517641)]
    public void MarginalMeans_OverAFactor_AverageWithinNests(string over, MeanWeights weights, double first, double second, double firstError, double secondError)
    {
        var means = fit.Value.MarginalMeans(over, options: new() { Weights = weights });
        means.Count.ShouldBe(2);
        (means[0].Estimate, means[1].Estimate).ShouldBe((first, second), new Near());
        (means[0].StandardError, means[1].StandardError).ShouldBe((firstError, secondError), new Near());
        means.Findings.Single(finding => finding.Rule == "nested").What.ShouldStartWith("Factors are nested in others: drug in route.");
    }

    [Fact]
    public void MarginalMeans_OverANestedFactor_NameItsNest()
    {
        var means = fit.Value.MarginalMeans("drug");
        means.Over.ShouldBe(["drug", "route"]);
        means.Select(mean => string.Join(' ', mean.Levels["drug"], mean.Levels["route"]))
            .ShouldBe(["bios inject", "cycl inject", "flux oral", "neut oral", "pers oral"]);
        means.Pairwise().Count.ShouldBe(10);
        means.ShouldAllBe(mean => mean.IsEstimable);
    }

    [Fact]
    public void Contrasts_WithinNests_AreThoseOfEachNestsLevels()
    {
        var pairs = fit.Value.MarginalMeans("drug", by: "route").Pairwise();
        pairs.Select(pair => pair.Contrast).ShouldBe(["bios - cycl", "flux - neut", "flux - pers", "neut - pers"]);
        double[] estimates = [-0.47370625, -1.0706625, -1.05804375, 0.01261875], probabilities = [0.6154876834, 0.4929403206, 0.5010444847, 0.9999000691];
        for (var k = 0; k < 4; k++)
        {
            pairs[k].Estimate.ShouldBe(estimates[k], 1e-8);
            pairs[k].PValue.ShouldBe(probabilities[k], 1e-6);
        }
    }

    [Fact]
    public void Contrasts_WithoutAPairInAnyNest_AreRefused()
    {
        var one = fit.Value.MarginalMeans("drug", by: "route", new() { Levels = new Dictionary<string, IReadOnlyList<string>> { ["drug"] = ["bios", "flux"] } });
        one.Count.ShouldBe(2);
        Should.Throw<InferenceException>(() => one.Pairwise()).Message.ShouldContain("There is one mean in each group to contrast");
    }

    [Fact]
    public void Contrasts_OfOnesOwn_MustFitEveryNest() =>
        Should.Throw<InferenceException>(() => fit.Value.MarginalMeans("drug", by: "route").Contrast(new Dictionary<string, IReadOnlyList<double>> { ["d"] = [1, -1] }))
            .Message.ShouldBe("The contrast 'd' has 2 weights for 3 means (flux, neut, pers); give one a mean, in their order.");

    [Fact]
    public void MarginalMeans_OfCrossedFactorsWithAnEmptyCell_AreNotNested()
    {
        var rows = Enumerable.Range(0, 60).Where(row => row % 4 != 3).Select(row => FormattableString.Invariant($"{Math.Sin(row)},{"ab"[row % 2]},{"pq"[row / 2 % 2]}"));
        var crossed = new LinearMixedModel("y ~ f * g").FitTo(Tables.Read("y,f,g\n" + string.Join('\n', rows) + "\n"));
        crossed.MarginalMeans("f").Findings.ShouldNotContain(finding => finding.Rule == "nested");
    }

    private static DataTable Drugs()
    {
        var lines = new List<string> { "drug,route,c,y" };
        for (var i = 1; i <= 60; i++)
        {
            var (drug, c) = ((i - 1) % 5, (i - 1) / 5 % 3 == 0 ? "c1" : "c2");
            var y = Math.Round((3 * Math.Sin(i * i)) + drug + (c == "c1" ? 1.5 : 0), 4);
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{drugs[drug]},{(drug < 2 ? "inject" : "oral")},{c},{y}"));
        }

        return Tables.Read(string.Join('\n', lines) + "\n");
    }

    /// <summary>To the digits printed.</summary>
    private sealed class Near : IEqualityComparer<(double First, double Second)>
    {
        public bool Equals((double First, double Second) x, (double First, double Second) y) => Math.Abs(x.First - y.First) < 1e-8 && Math.Abs(x.Second - y.Second) < 1e-8;

        public int GetHashCode((double First, double Second) obj) => 0;
    }
}
