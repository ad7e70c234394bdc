using MixedModels.Data;
using MixedModels.Diagnostics.Rules;
using MixedModels.Execution;

namespace MixedModels.Tests.Diagnostics;

/// <summary>Rules find what was planted and stay quiet where nothing was; docs/diagnostics.md has rates over more data sets.</summary>
public class DiagnosisTests
{
    [Theory]
    [InlineData("normal", "shifted-group", "random-effects-not-normal", 12, 11)]
    [InlineData("normal", "skewed-effects", "random-effects-not-normal", 12, 7)]
    [InlineData("normal", "autocorrelation", "autocorrelation", 12, 11)]
    [InlineData("normal", "heavy-tails", "residuals-not-normal", 12, 10)]
    [InlineData("normal", "fan", "variance-not-constant", 12, 11)]
    [InlineData("normal", "unequal-arms", "variance-not-constant", 12, 11)]
    [InlineData("normal", "collinear", "collinear", 12, 11)]
    [InlineData("normal", "outlier", "outliers", 12, 11)]
    [InlineData("counts", "overdispersion", "overdispersed", 5, 4)]
    [InlineData("counts", "underdispersion", "underdispersed", 5, 4)]
    [InlineData("counts", "zero-inflation", "zero-inflated", 5, 4)]
    [InlineData("counts", "autocorrelation", "autocorrelation", 5, 4)]
    [InlineData("counts", "shifted-group", "random-effects-not-normal", 5, 4)]
    [InlineData("counts", "outlier", "outliers", 5, 4)]
    [InlineData("shares", "overdispersion", "overdispersed", 5, 4)]
    [InlineData("answers", "separation", "separated", 5, 4)]
    public void Diagnose_PlantedTrouble_IsFound(string family, string trouble, string rule, int dataSets, int atLeast) =>
        Enumerable.Range(1, dataSets).Count(seed => Rules(PlantedTrouble.Of(family, trouble).Fit(seed)).Contains(rule, StringComparer.Ordinal)).ShouldBeGreaterThanOrEqualTo(atLeast);

    [Theory]
    [InlineData("normal", 30, 3)]
    [InlineData("counts", 10, 1)]
    [InlineData("shares", 10, 1)]
    [InlineData("answers", 10, 1)]
    public void Diagnose_CleanData_IsMostlyQuiet(string family, int dataSets, int atMost)
    {
        var alarms = Enumerable.Range(1, dataSets).SelectMany(seed => Rules(PlantedTrouble.Of(family, "none").Fit(seed))).ToArray();
        alarms.Length.ShouldBeLessThanOrEqualTo(atMost, string.Join(", ", alarms));
    }

    [Fact]
    public void Diagnose_SleepStudy_NamesItsOutliersWithWhatWhyAndTry()
    {
        var findings = FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy").Diagnose(cancellationToken: TestContext.Current.CancellationToken);
        findings.ShouldContain(finding => finding.Rule == "outliers");
        findings.ShouldAllBe(finding => finding.What.Length > 20 && finding.Why.Length > 20 && finding.Try.Length > 20);
        findings.Select(finding => finding.Severity).ShouldBeInOrder(SortDirection.Descending);
        findings.ShouldBe(FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy").Diagnose(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Yield ~ 1 + (1 | Batch)", "Dyestuff2")]
    [InlineData("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin")]
    [InlineData("score ~ Machine + (Machine | Worker)", "Machines")]
    [InlineData("Reaction ~ 0 + (1 | Subject)", "sleepstudy")]
    [InlineData("Reaction ~ Days", "sleepstudy")]
    [InlineData("strength ~ 1 + (1 | batch/cask)", "Pastes")]
    public void Diagnose_AnyShapeOfModel_Works(string formula, string example) =>
        FittedExamples.Of(formula, example).Diagnose(cancellationToken: TestContext.Current.CancellationToken).Count.ShouldBeLessThan(8);

    [Fact]
    public void Diagnose_WrongOptions_AreRefused()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy");
        Should.Throw<ArgumentOutOfRangeException>(() => fit.Diagnose(new() { Replicates = 5 }, TestContext.Current.CancellationToken));
        Should.Throw<InferenceException>(() => fit.Diagnose(new() { Order = "Hours" }, TestContext.Current.CancellationToken)).Message.ShouldContain("'Hours'");
    }

    [Fact]
    public void FewLevelsAndMissingRows_AreNoted()
    {
        var table = DataTable.Example("Machines");
        var score = (NumericColumn)table["score"];
        var holed = table.WithColumn(new NumericColumn("score", [.. Enumerable.Range(0, score.Length).Select(i => i % 5 == 0 ? double.NaN : score.Values.Span[i])]));
        var findings = new LinearMixedModel("score ~ 1 + (1 | Machine)").FitTo(holed).Diagnose(cancellationToken: TestContext.Current.CancellationToken);
        findings.ShouldContain(finding => finding.Rule == "few-levels" && finding.What.Contains("'Machine' has 3 levels", StringComparison.Ordinal));
        findings.ShouldContain(finding => finding.Rule == "rows-dropped" && finding.What.Contains("20 %", StringComparison.Ordinal));
    }

    [Fact]
    public void NormalityTest_OfASampleWithOneFarValue_HasItsMoments()
    {
        double[] values = [.. Enumerable.Range(1, 19).Select(i => (double)i), 40];
        var test = NormalityTest.Of(values)!.Value;
        var mean = values.Average();
        var m2 = values.Average(value => Math.Pow(value - mean, 2));
        test.Skewness.ShouldBe(values.Average(value => Math.Pow(value - mean, 3)) / Math.Pow(m2, 1.5), 1e-12);
        test.ExcessKurtosis.ShouldBe((values.Average(value => Math.Pow(value - mean, 4)) / (m2 * m2)) - 3, 1e-12);
        test.PValue.ShouldBeInRange(1e-6, 0.01);
        NormalityTest.Of([1, 2, 3]).ShouldBeNull();
    }

    [Fact]
    public void NormalityTest_OfNormalSamples_RejectsAtItsRate()
    {
        var rejected = 0;
        for (var s = 0; s < 2000; s++)
        {
            var stream = new RandomStream(5, (ulong)s);
            if (NormalityTest.Of([.. Enumerable.Range(0, 60).Select(_ => stream.NextNormal())])!.Value.PValue < 0.05) rejected++;
        }

        // 5 % of 2,000 is 100 with a standard deviation of 9.7; K² rejects a little more than its level (D'Agostino et al. 1990, table 2).
        rejected.ShouldBeInRange(65, 150);
    }

    [Fact]
    public void Inflation_OfTwoCovariates_IsTheTextbooks()
    {
        // Cov = σ²(X'X)⁻¹ of two standardised covariates with correlation 0.8: VIF = 1/(1 − 0.64).
        var covariance = MixedModels.LinearAlgebra.Matrix.FromRows([[1 / 0.36, -0.8 / 0.36], [-0.8 / 0.36, 1 / 0.36]]);
        CollinearityRule.Inflation(covariance, [0, 1], [0]).ShouldBe(Math.Sqrt(1 / 0.36), 1e-12);
    }

    [Fact]
    public void LagOne_OfAnAlternatingSet_IsMinusOne()
    {
        var (correlation, pairs) = AutocorrelationRule.LagOne([[1, -1, 1, -1], null, [1, -1]]);
        correlation.ShouldBe(-1, 1e-15);
        pairs.ShouldBe(4);
    }

    // R 4.2: oneway.test(abs(v - median) ~ g, var.equal = TRUE) with v = c(1, 2, 4, 8, 3, 9, 27, 81), g = rep(1:2, each = 4).
    [Fact]
    public void BrownForsythe_IsTheAnalysisOfDistancesFromMedians() =>
        HeteroscedasticityRule.BrownForsythe([[1, 2, 4, 8], [3, 9, 27, 81]]).ShouldBe(0.148202517484654, 1e-12);

    private static IReadOnlyList<string> Rules(IMixedModelFit fit) =>
        [.. fit.Diagnose(cancellationToken: TestContext.Current.CancellationToken).Where(finding => finding.Severity > FindingSeverity.Note).Select(finding => finding.Rule).Distinct(StringComparer.Ordinal)];
}
