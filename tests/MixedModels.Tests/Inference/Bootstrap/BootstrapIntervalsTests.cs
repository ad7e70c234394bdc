using MixedModels.Data;
using MixedModels.Execution;
using MixedModels.Inference.Bootstrap;

namespace MixedModels.Tests.Inference.Bootstrap;

public sealed class BootstrapIntervalsTests
{
    [Fact]
    public void Of_NinetyNineDraws_ReadsTheFifthSmallestAndLargest()
    {
        // (B + 1)α = 100·0.05 = 5.
        var draws = Draws("t", 40, [.. Enumerable.Range(1, 99).Select(value => (double)value)]);
        var percentile = BootstrapIntervals.Of(draws, BootstrapInterval.Percentile, 0.9).Single();
        (percentile.Parameter, percentile.Estimate).ShouldBe(("t", 40));
        percentile.Lower.ShouldBe(5, 1e-12);
        percentile.Upper.ShouldBe(95, 1e-12);
        var basic = BootstrapIntervals.Of(draws, BootstrapInterval.Basic, 0.9).Single();
        basic.Lower.ShouldBe(-15, 1e-12);
        basic.Upper.ShouldBe(75, 1e-12);

        // 100·0.025 = 2.5: half way between the second and the third.
        BootstrapIntervals.Of(draws, BootstrapInterval.Percentile, 0.95).Single().Lower.ShouldBe(2.5, 1e-9);
    }

    [Fact]
    public void Of_AStandardDeviation_EndsAtZero()
    {
        var draws = Draws("sd[g].x", 10, [.. Enumerable.Range(1, 99).Select(value => (double)value)]);
        BootstrapIntervals.Of(draws, BootstrapInterval.Basic, 0.9).Single().Lower.ShouldBe(0);
        BootstrapIntervals.Of(Draws("cor[g].x.z", 0.5, [-0.9, -0.5, 0.2]), BootstrapInterval.Basic, 0.5).Single().Upper.ShouldBe(1);
    }

    [Fact]
    public void BiasCorrected_UnbiasedDrawsWithoutSkewness_ArePercentiles()
    {
        var draws = Draws("t", 50, [.. Enumerable.Range(1, 99).Select(value => (double)value)]);
        var (percentile, corrected) = (BootstrapIntervals.Of(draws, BootstrapInterval.Percentile, 0.9)[0], BootstrapIntervals.Of(draws, BootstrapInterval.BiasCorrected, 0.9)[0]);
        corrected.Lower.ShouldBe(percentile.Lower, 1e-9);
        corrected.Upper.ShouldBe(percentile.Upper, 1e-9);
    }

    [Fact]
    public void BiasCorrected_ABias_MovesTheInterval()
    {
        // 69.15 % of the draws lie below t: z0 = 0.5, and without acceleration the 5 % end is read at Φ(2·0.5 − 1.6449) = 0.2595.
        var draws = Draws("t", 69.15, [.. Enumerable.Range(1, 9999).Select(value => value / 100.0)]);
        BootstrapIntervals.Of(draws, BootstrapInterval.BiasCorrected, 0.9)[0].Lower.ShouldBe(25.95, 0.05);
    }

    [Fact]
    public void BiasCorrected_AllDrawsOnOneSide_HasNoEnds()
    {
        var interval = BootstrapIntervals.Of(Draws("t", 0, [1, 2, 3]), BootstrapInterval.BiasCorrected, 0.9).Single();
        double.IsNaN(interval.Lower).ShouldBeTrue();
    }

    // The score of a normal sample's variance is a chi-square with ν df, whose skewness is √(8/ν); that of its mean has none.
    [Fact]
    public void Acceleration_OfANormalSample_IsASixthOfTheScoresSkewness()
    {
        const int n = 21;
        var fit = new LinearMixedModel("y ~ 1").FitTo(Sample(n));
        var draws = ParametricBootstrap.Run(fit, new() { Replicates = 40_000, Seed = 1 }).Draws;
        int[] all = [.. draws.Successful()];
        var expected = Math.Sqrt(8.0 / (n - 1)) / 6;
        BootstrapIntervals.Acceleration(draws, all, 1).ShouldBe(expected, 0.01);
        BootstrapIntervals.Acceleration(draws, all, 0).ShouldBe(0, 0.01);
    }

    // (n − 1)s²/σ² is a chi-square: the exact interval for σ. Percentiles of s are too low by far; BCa is second-order right.
    [Fact]
    public void BiasCorrected_SigmaOfANormalSample_IsNearTheExactInterval()
    {
        const int n = 21;
        var fit = new LinearMixedModel("y ~ 1").FitTo(Sample(n));
        var bootstrap = ParametricBootstrap.Run(fit, new() { Replicates = 40_000, Seed = 2 });

        // Quantiles of χ²₂₀ at 0.975 and 0.025 (tables).
        var (lower, upper) = (fit.Sigma * Math.Sqrt(20 / 34.16961), fit.Sigma * Math.Sqrt(20 / 9.59078));
        var corrected = bootstrap.Intervals(BootstrapInterval.BiasCorrected)[1];
        corrected.Lower.ShouldBe(lower, 0.015 * fit.Sigma);
        corrected.Upper.ShouldBe(upper, 0.04 * fit.Sigma);
        var percentile = bootstrap.Intervals(BootstrapInterval.Percentile)[1];
        Math.Abs(percentile.Upper - upper).ShouldBeGreaterThan(0.1 * fit.Sigma);
    }

    [Fact]
    public void Findings_NameFailuresFewDrawsAndUndefinedOnes()
    {
        var draws = Draws("cor[g].x.z", 0.3, [0.1, double.NaN, 0.5]);
        draws.Fail(3, "No optimum was proved after 7 evaluations.");
        var bootstrap = new ParametricBootstrap(draws);
        bootstrap.Failures.ShouldBe([new BootstrapFailure(3, "No optimum was proved after 7 evaluations.")]);
        bootstrap.Values().Rows.ShouldBe(3);
        var findings = bootstrap.Findings();
        findings.Select(finding => finding.Rule).ShouldBe(["failed-replicates", "few-replicates", "undefined-draws"]);
        findings[0].What.ShouldContain("1 of 4 refits failed: replicates 4.");
        findings[1].What.ShouldContain("At least 39 are needed");
        findings[2].What.ShouldContain("1 of 3 draws");
    }

    [Fact]
    public void Intervals_AWrongLevelOrKind_IsAWrongCall()
    {
        var bootstrap = new ParametricBootstrap(Draws("t", 0, [1, 2, 3]));
        Should.Throw<ArgumentOutOfRangeException>(() => bootstrap.Intervals(level: 95));
        Should.Throw<ArgumentOutOfRangeException>(() => bootstrap.Intervals((BootstrapInterval)7));
    }

    private static BootstrapDraws Draws(string name, double estimate, double[] values)
    {
        var draws = new BootstrapDraws("fit", 1, values.Length + (name.StartsWith("cor", StringComparison.Ordinal) ? 1 : 0), [name], [estimate]);
        for (var k = 0; k < values.Length; k++) draws.Succeed(k, [values[k]], []);
        return draws;
    }

    private static DataTable Sample(int n)
    {
        var random = new RandomStream(3, 0);
        return new DataTableBuilder().Add("y", [.. Enumerable.Range(0, n).Select(_ => 10 + (2 * random.NextNormal()))]).Build();
    }
}
