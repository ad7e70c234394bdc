using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels.Tests.Inference.Means;

/// <summary>Means against hand counts and identities; what is refused, and how.</summary>
public sealed class MarginalMeansTests
{
    private static readonly DataTable oats = DataTable.Example("Oats");

    private static LinearMixedModelFit Oats(string fixedPart, ContrastCoding coding = ContrastCoding.Treatment) => new LinearMixedModel(
        $"yield ~ {fixedPart} + (1 | Block/Variety)",
        new() { Contrasts = new Dictionary<string, ContrastCoding>(StringComparer.Ordinal) { ["Variety"] = coding } }).FitTo(oats);

    [Fact]
    public void MarginalMeans_BalancedDesign_AreTheMeansOfTheCells()
    {
        var means = Oats("factor(nitro) * Variety").MarginalMeans(["nitro", "Variety"]);
        means.Count.ShouldBe(12);
        var (nitro, variety, yields) = (oats["nitro"].ToFactor(), oats["Variety"].ToFactor(), ((NumericColumn)oats["yield"]).Values);
        foreach (var mean in means)
        {
            var cell = Enumerable.Range(0, oats.RowCount).Where(row => nitro.Levels[nitro.Codes.Span[row]] == mean.Levels["nitro"]
                && variety.Levels[variety.Codes.Span[row]] == mean.Levels["Variety"]).Average(row => yields.Span[row]);
            mean.Estimate.ShouldBe(cell, 1e-10);
        }

        means[1].Levels["nitro"].ShouldBe("0.2");
        means[1].Levels["Variety"].ShouldBe(means[0].Levels["Variety"]);
    }

    [Fact]
    public void MarginalMeans_AnyCoding_AreTheSame()
    {
        var expected = Oats("nitro * Variety").MarginalMeans("Variety");
        foreach (var coding in new[] { ContrastCoding.Sum, ContrastCoding.Helmert, ContrastCoding.Sas })
        {
            var means = Oats("nitro * Variety", coding).MarginalMeans("Variety");
            for (var i = 0; i < means.Count; i++)
            {
                means[i].Estimate.ShouldBe(expected[i].Estimate, 1e-8);
                means[i].StandardError.ShouldBe(expected[i].StandardError, 1e-6);
                means[i].DegreesOfFreedom!.Value.ShouldBe(expected[i].DegreesOfFreedom!.Value, 1e-4);
            }
        }
    }

    /// <summary>Each interval is the estimate ± t quantile × standard error, each difference that of its two means.</summary>
    [Fact]
    public void Pairwise_Unadjusted_IsTheDifferenceWithStudentsInterval()
    {
        var means = Oats("nitro + Variety").MarginalMeans("Variety", options: new() { Level = 0.9 });
        var pairs = means.Pairwise(Adjustment.None);
        pairs.Select(pair => pair.Contrast).ShouldBe(["Golden Rain - Marvellous", "Golden Rain - Victory", "Marvellous - Victory"]);
        pairs[1].Estimate.ShouldBe(means[0].Estimate - means[2].Estimate, 1e-10);
        foreach (var pair in pairs)
        {
            pair.Statistic.ShouldBe(pair.Estimate / pair.StandardError, 1e-12);
            MixedModels.Numerics.TailProbability.StudentTwoSided((pair.Upper - pair.Estimate) / pair.StandardError, pair.DegreesOfFreedom!.Value).ShouldBe(0.1, 1e-10);
            (pair.Upper + pair.Lower).ShouldBe(2 * pair.Estimate, 1e-9);
        }
    }

    [Fact]
    public void Trend_AdditiveModel_IsTheCoefficientWithItsTest()
    {
        var fit = Oats("nitro + Variety");
        var slope = fit.MarginalMeans([], options: new() { Trend = "nitro" }).Single();
        var coefficient = fit.Coefficients().Single(row => row.Name == "nitro");
        slope.Estimate.ShouldBe(coefficient.Estimate, 1e-9 * coefficient.Estimate);
        slope.StandardError.ShouldBe(coefficient.StandardError, 1e-9 * coefficient.StandardError);
        slope.DegreesOfFreedom!.Value.ShouldBe(coefficient.DegreesOfFreedom!.Value, 1e-6);
        slope.Levels.ShouldBeEmpty();
    }

    /// <summary>d/dx of the fitted curve: poly, logarithm and spline against the closed form or small differences of predictions.</summary>
    [Theory]
    [InlineData("poly(Days, 3)", 4.5)]
    [InlineData("log(Days + 1)", 0.5)]
    [InlineData("log(Days + 1)", 0)]
    [InlineData("ns(Days, df = 3)", 3)]
    [InlineData("exp(-Days / 3) + sqrt(Days + 0.01)", 2)]
    public void Trend_Transformed_IsTheDerivativeOfThePrediction(string term, double at)
    {
        var fit = FittedExamples.Of($"Reaction ~ {term} + (1 | Subject)", "sleepstudy");
        var slope = fit.MarginalMeans([], options: new() { Trend = "Days", At = At("Days", at) }).Single().Estimate;
        double Predicted(double days) => fit.Predict(new DataTable([new NumericColumn("Days", [days])]), new() { Target = PredictionTarget.Population })[0].Fit;
        const double h = 1e-4;
        slope.ShouldBe((Predicted(at + h) - Predicted(at - h)) / (2 * h), 2e-6 * Math.Max(1, Math.Abs(slope)));
    }

    [Fact]
    public void MarginalMeans_Covariate_IsHeldAtItsMeanOverTheRowsUsed()
    {
        double[] x = [0, 1, 2, 3, 10, double.NaN];
        var table = Repeat(x, [1, 2, 4, 3, 9, 5]);
        var fit = new LinearMixedModel("y ~ f + x + (1 | g)").FitTo(table);
        var means = fit.MarginalMeans("f");
        var coefficients = fit.Coefficients();
        means[0].Estimate.ShouldBe(coefficients[0].Estimate + (3.2 * coefficients[2].Estimate), 1e-9);
        means.Averaged.ShouldBe(["x = 3.2"]);
        var held = fit.MarginalMeans("f", options: new() { At = At("x", 1, 5) });
        held[0].Estimate.ShouldBe(coefficients[0].Estimate + (3 * coefficients[2].Estimate), 1e-9);
        fit.MarginalMeans(["x", "f"], options: new() { At = At("x", 1, 5) }).Select(mean => mean.Levels["x"]).ShouldBe(["1", "5", "1", "5"]);
    }

    [Fact]
    public void MarginalMeans_Offset_IsAveragedAndNoPartOfAContrast()
    {
        var plain = new LinearMixedModel("yield ~ Variety + (1 | Block)").FitTo(oats).MarginalMeans("Variety");
        var offset = new LinearMixedModel("yield ~ Variety + offset(10 * nitro^2) + (1 | Block)").FitTo(oats).MarginalMeans("Variety");

        // nitro is 0, 0.2, 0.4, 0.6 alike often within each variety, so an offset only moves yields by its own mean and back.
        for (var i = 0; i < 3; i++) offset[i].Estimate.ShouldBe(plain[i].Estimate, 1e-9);
        offset.Pairwise()[0].Estimate.ShouldBe(plain.Pairwise()[0].Estimate, 1e-9);
        offset.Averaged.ShouldBeEmpty();
    }

    [Fact]
    public void MarginalMeans_InterceptOnly_IsTheIntercept()
    {
        var fit = FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff");
        var mean = fit.MarginalMeans([]).Single();
        mean.Estimate.ShouldBe(fit.Coefficients()[0].Estimate, 1e-9);
        mean.StandardError.ShouldBe(fit.Coefficients()[0].StandardError, 1e-9);
    }

    [Fact]
    public void MarginalMeans_EmptyCell_SaysSoAndGivesWhatTheDataDetermine()
    {
        var (nitro, variety) = (oats["nitro"].ToFactor(), oats["Variety"].ToFactor());
        var table = oats.SelectRows([.. Enumerable.Range(0, oats.RowCount).Where(row => !(nitro.Codes.Span[row] == 3 && variety.Codes.Span[row] == 2))]);
        var fit = new LinearMixedModel("yield ~ factor(nitro) * Variety + (1 | Block)").FitTo(table);
        var means = fit.MarginalMeans("Variety");
        means.Select(mean => mean.IsEstimable).ShouldBe([true, true, false]);
        double.IsNaN(means[2].Lower).ShouldBeTrue();
        means.Findings.Single(finding => finding.Rule == "not-estimable").What.ShouldBe("1 of 3 means cannot be estimated: Victory.");

        var pairs = means.Pairwise();
        pairs.Select(pair => double.IsNaN(pair.PValue)).ShouldBe([false, true, true]);

        // The family is of what can be estimated: one difference of two means needs no adjustment.
        pairs[0].PValue.ShouldBe(means.Pairwise(Adjustment.None)[0].PValue, 1e-9);
        fit.MarginalMeans("Variety", options: new() { At = At("nitro", 0, 0.2) }).ShouldAllBe(mean => mean.IsEstimable);
    }

    /// <summary>Where two blocks of a design have no level in common, the differences within a block are known though no mean is.</summary>
    [Fact]
    public void Contrast_OfMeansThatCannotBeEstimated_IsGivenWhereItCan()
    {
        var table = new DataTable(
        [
            new NumericColumn("y", [1, 2, 4, 3, 6, 8, 7, 9, 2, 3, 5, 9]),
            Factor("outer", 0, 1, 0, 1, 2, 3, 2, 3, 0, 0, 2, 2),
            Factor("inner", 0, 0, 1, 1, 2, 2, 3, 3, 0, 1, 2, 3),
            Factor("g", 0, 1, 0, 1, 0, 1, 0, 1, 2, 2, 2, 2),
        ]);
        var means = new LinearMixedModel("y ~ outer + inner + (1 | g)").FitTo(table).MarginalMeans("inner");
        means.ShouldAllBe(mean => !mean.IsEstimable);
        var pairs = means.Pairwise(Adjustment.None);
        pairs.Where(pair => !double.IsNaN(pair.Estimate)).Select(pair => pair.Contrast).ShouldBe(["a - b", "c - d"]);
        pairs[0].Estimate.ShouldBe(((1 + 2 + 2) - (4 + 3 + 3)) / 3.0, 1e-9);
    }

    [Fact]
    public void Weights_Proportional_AreThoseOfTheCombinationsAveragedOver()
    {
        // Level a of the factor averaged over stands in 3 of 4 rows.
        var table = new DataTable(
        [
            new NumericColumn("y", [1, 2, 4, 3, 6, 8, 7, 9]),
            Factor("f", 0, 0, 0, 0, 1, 1, 1, 1),
            Factor("h", 0, 0, 0, 1, 0, 0, 1, 0),
            Factor("g", 0, 1, 2, 3, 0, 1, 2, 3),
        ]);
        var fit = new LinearMixedModel("y ~ f * h + (1 | g)").FitTo(table);
        var cells = fit.MarginalMeans(["f", "h"]);
        var proportional = fit.MarginalMeans("f", options: new() { Weights = MeanWeights.Proportional });
        proportional[0].Estimate.ShouldBe((0.75 * cells[0].Estimate) + (0.25 * cells[2].Estimate), 1e-10);
        fit.MarginalMeans("f")[0].Estimate.ShouldBe((cells[0].Estimate + cells[2].Estimate) / 2, 1e-10);
    }

    [Fact]
    public void Levels_OfAFactor_RestrictTheGrid()
    {
        var fit = Oats("factor(nitro) * Variety");
        var levels = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["Variety"] = ["Victory"] };
        var means = fit.MarginalMeans("nitro", options: new() { Levels = levels });
        means[0].Estimate.ShouldBe(fit.MarginalMeans("nitro", "Variety").Single(mean => mean.Levels["nitro"] == "0" && mean.Levels["Variety"] == "Victory").Estimate, 1e-10);
    }

    [Theory]
    [InlineData("nitro", "'nitro' is a covariate (4 values from 0 to 0.6), and means go over factors. Choose the values to compare (--at \"nitro=0,0.6\"), or ask for its slope (--trend nitro).")]
    [InlineData("Varietty", "Marginal means cannot use 'Varietty': the fixed part of this fit has no such column; nearest: 'Variety'; it has 'nitro', 'Variety'.")]
    [InlineData("Block", "Marginal means cannot use 'Block': the fit uses it, but not in its fixed part; it has 'nitro', 'Variety'.")]
    public void MarginalMeans_NoFactor_SaysWhatThereIs(string over, string message) =>
        Should.Throw<InferenceException>(() => Oats("nitro + Variety").MarginalMeans(over)).Message.ShouldBe(message);

    [Fact]
    public void MarginalMeans_WrongQuestion_IsRefusedWithTheReason()
    {
        var fit = Oats("nitro + Variety");
        Should.Throw<InferenceException>(() => fit.MarginalMeans("Variety", "Variety")).Message.ShouldStartWith("'Variety' stands twice");
        Should.Throw<InferenceException>(() => fit.MarginalMeans([], options: new() { Trend = "Variety" })).Message.ShouldStartWith("'Variety' is a factor and has no slope");
        Should.Throw<InferenceException>(() => fit.MarginalMeans("Variety", options: new() { At = At("nitr", 1) })).Message.ShouldContain("nearest: 'nitro'");
        Should.Throw<InferenceException>(() => fit.MarginalMeans("Variety", options: new() { At = At("nitro", double.NaN) })).Message.ShouldContain("no finite number");
        Should.Throw<InferenceException>(() => fit.MarginalMeans("Variety", options: new() { At = At("nitro") })).Message.ShouldContain("give one or more");
        var unknown = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["Variety"] = ["Victori"] };
        Should.Throw<InferenceException>(() => fit.MarginalMeans("Variety", options: new() { Levels = unknown }))
            .Message.ShouldBe("'Variety' has no level 'Victori' in the rows used; nearest: 'Victory'.");
        Should.Throw<InferenceException>(() => Oats("factor(nitro)").MarginalMeans("nitro", options: new() { At = At("nitro", 0.3) })).Message.ShouldContain("no level '0.3'");
        Should.Throw<ArgumentOutOfRangeException>(() => fit.MarginalMeans("Variety", options: new() { Level = 95 }));
        var means = fit.MarginalMeans("Variety");
        Should.Throw<InferenceException>(() => means.Contrast("pairwize")).Message.ShouldStartWith("There are no contrasts 'pairwize'; nearest: 'pairwise'");
        Should.Throw<InferenceException>(() => means.Contrast("consec", Adjustment.Tukey)).Message.ShouldContain("is for pairwise comparisons, not for 'consec'");
        Should.Throw<InferenceException>(() => means.Contrast("pairwise", Adjustment.Dunnett)).Message.ShouldContain("comparisons with a control");
        Should.Throw<InferenceException>(() => means.Simultaneous(Adjustment.Tukey)).Message.ShouldContain("not the intervals of the means themselves");
        Should.Throw<InferenceException>(() => means.Contrast("trt.vs.ctrl", control: "Viktory")).Message.ShouldBe("There is no mean 'Viktory' to compare with; nearest: 'Victory'.");
        Should.Throw<InferenceException>(() => means.Contrast("consec", control: "Victory")).Message.ShouldContain("compares with no control");
        Should.Throw<InferenceException>(() => means.Contrast(Weights("w", 1, -1))).Message.ShouldContain("2 weights for 3 means");
        Should.Throw<InferenceException>(() => means.Contrast(Weights("w", 0, 0, 0))).Message.ShouldContain("all zero");
        Should.Throw<InferenceException>(() => fit.MarginalMeans([]).Pairwise()).Message.ShouldContain("needs 2 or more");
    }

    [Fact]
    public void MarginalMeans_HugeGrid_IsRefusedWithTheFigure()
    {
        const int n = 120;
        var random = new Random(3);
        FactorColumn Many(string name, int levels) => new(name, [.. Enumerable.Range(0, levels).Select(i => $"l{i}")], [.. Enumerable.Range(0, n).Select(i => i % levels)]);
        var table = new DataTable(
        [
            new NumericColumn("y", [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())]),
            Many("a", 31), Many("b", 29), Many("c", 30), Many("d", 23), Factor("g", [.. Enumerable.Range(0, n).Select(i => i % 4)]),
        ]);
        var fit = new LinearMixedModel("y ~ a + b + c + d + (1 | g)").FitTo(table);
        Should.Throw<InferenceException>(() => fit.MarginalMeans("d")).Message.ShouldStartWith("The reference grid has 620,310 rows (23 of d × 31 of a × 29 of b × 30 of c) and 110 columns");
    }

    private static Dictionary<string, IReadOnlyList<double>> At(string name, params double[] values) => new(StringComparer.Ordinal) { [name] = values };

    private static Dictionary<string, IReadOnlyList<double>> Weights(string label, params double[] weights) => new(StringComparer.Ordinal) { [label] = weights };

    private static FactorColumn Factor(string name, params int[] codes) => new(name, [.. Enumerable.Range(0, codes.Max() + 1).Select(i => ((char)('a' + i)).ToString())], codes);

    /// <summary>Four copies of the rows, a group each, the factor alternating and the response moved a little.</summary>
    private static DataTable Repeat(double[] x, double[] y)
    {
        var n = 4 * x.Length;
        return new(
        [
            new NumericColumn("y", [.. Enumerable.Range(0, n).Select(i => y[i % x.Length] + (0.3 * (i / x.Length)) + (0.1 * (i % 5)))]),
            new NumericColumn("x", [.. Enumerable.Range(0, n).Select(i => x[i % x.Length])]),
            Factor("f", [.. Enumerable.Range(0, n).Select(i => i / x.Length % 2)]),
            Factor("g", [.. Enumerable.Range(0, n).Select(i => i / x.Length)]),
        ]);
    }
}
