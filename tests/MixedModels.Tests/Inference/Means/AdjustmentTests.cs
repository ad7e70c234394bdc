using MixedModels.Inference.Means;
using MixedModels.Inference.Means.Adjustments;
using MixedModels.Numerics;

namespace MixedModels.Tests.Inference.Means;

/// <summary>Every adjustment: identities that hold for all, and a closed form or published example for each.</summary>
public sealed class AdjustmentTests
{
    public static TheoryData<Adjustment> All => [.. Enum.GetValues<Adjustment>()];

    private static readonly MarginalMeanTable means = FittedExamples.Of("yield ~ factor(nitro) * Variety + (1 | Block/Variety)", "Oats").MarginalMeans("nitro");

    [Fact]
    public void Names_AreThoseOfTheCommandLine()
    {
        foreach (var adjustment in Enum.GetValues<Adjustment>())
        {
            AdjustmentNames.TryParse(adjustment.Name(), out var read).ShouldBeTrue();
            read.ShouldBe(adjustment);
        }

        AdjustmentNames.TryParse("dunnettx", out _).ShouldBeFalse();
    }

    /// <summary>No adjusted p is below its own, and none of the single-step ones above Bonferroni's.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Probabilities_LieBetweenTheirOwnAndBonferronis(Adjustment adjustment)
    {
        if (adjustment == Adjustment.Dunnett) return;
        var (own, adjusted, bonferroni) = (means.Pairwise(Adjustment.None), means.Pairwise(adjustment), means.Pairwise(Adjustment.Bonferroni));
        for (var i = 0; i < own.Count; i++)
        {
            adjusted[i].PValue.ShouldBeGreaterThanOrEqualTo(own[i].PValue * (1 - 1e-9));
            if (adjustment != Adjustment.Scheffe) adjusted[i].PValue.ShouldBeLessThanOrEqualTo(bonferroni[i].PValue * (1 + 1e-9));
            adjusted[i].Estimate.ShouldBe(own[i].Estimate);
        }
    }

    /// <summary>An interval of level 1 − p ends at zero, for those whose intervals are their own.</summary>
    [Theory]
    [InlineData(Adjustment.None, 1e-8)]
    [InlineData(Adjustment.Tukey, 1e-6)]
    [InlineData(Adjustment.MultivariateT, 2e-2)]
    [InlineData(Adjustment.Scheffe, 1e-8)]
    [InlineData(Adjustment.Sidak, 1e-8)]
    [InlineData(Adjustment.Bonferroni, 1e-8)]
    public void Interval_AtItsOwnP_EndsAtZero(Adjustment adjustment, double tolerance)
    {
        var contrast = means.Pairwise(adjustment)[3];
        var level = 1 - contrast.PValue;
        var same = means.Options with { Level = level };
        var again = FittedExamples.Of("yield ~ factor(nitro) * Variety + (1 | Block/Variety)", "Oats").MarginalMeans("nitro", options: same).Pairwise(adjustment)[3];
        again.Upper.ShouldBe(0, tolerance * contrast.StandardError);
    }

    /// <summary>Balanced means: the range, the exact t and comparisons with a control agree where they must.</summary>
    [Fact]
    public void MultivariateT_BalancedPairs_IsTukeys()
    {
        var (tukey, exact) = (means.Pairwise(), means.Pairwise(Adjustment.MultivariateT));
        exact.ProbabilityError.ShouldBeInRange(0, 1e-3);
        for (var i = 0; i < tukey.Count; i++)
        {
            exact[i].PValue.ShouldBe(tukey[i].PValue, 3e-3 * tukey[i].PValue);
            exact[i].Upper.ShouldBe(tukey[i].Upper, 2e-3 * tukey[i].StandardError);
        }
    }

    [Fact]
    public void Dunnett_BalancedMeans_HasOneFactorAndNoError()
    {
        var table = means.Contrast("trt.vs.ctrl");
        table.Adjustment.ShouldBe(Adjustment.Dunnett);
        table.ProbabilityError.ShouldBe(0);
        double[] half = [.. Enumerable.Repeat(Math.Sqrt(0.5), 3)];
        foreach (var row in table) row.PValue.ShouldBe(OneFactorModulus.Upper(Math.Abs(row.Statistic), half, row.DegreesOfFreedom!.Value), 1e-6 * row.PValue);
        means.Contrast("trt.vs.ctrl", control: "0.4").Select(row => row.Contrast).ShouldBe(["nitro0 - nitro0.4", "nitro0.2 - nitro0.4", "nitro0.6 - nitro0.4"]);
    }

    /// <summary>p = 0.01, 0.04, 0.03, 0.005 by hand: Holm 1979, Hochberg 1988, Benjamini and Hochberg 1995.</summary>
    [Fact]
    public void Stepwise_FourPValues_AreThoseByHand()
    {
        var family = Family(0.01, 0.04, 0.03, 0.005);
        Near(new HolmAdjustment(family).Probabilities(), 0.03, 0.06, 0.06, 0.02);
        Near(new HochbergAdjustment(family).Probabilities(), 0.03, 0.04, 0.04, 0.02);
        Near(new FalseDiscoveryRateAdjustment(family).Probabilities(), 0.02, 0.04, 0.04, 0.02);
        Near(new BonferroniAdjustment(family).Probabilities(), 0.04, 0.16, 0.12, 0.02);
        Near(new SidakAdjustment(family).Probabilities(), 1 - Math.Pow(0.99, 4), 1 - Math.Pow(0.96, 4), 1 - Math.Pow(0.97, 4), 1 - Math.Pow(0.995, 4));
    }

    [Fact]
    public void MultivariateT_Independent_IsSidaksAndOpposites_CountOnce()
    {
        var family = Family(0.01, 0.04, 0.03, 0.005);
        Near(new MultivariateTAdjustment(family).Probabilities(), new SidakAdjustment(family).Probabilities());
        var opposite = family with { Correlation = [1, -1, 0, 0, -1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1] };
        new MultivariateTAdjustment(opposite).Probabilities()[0].ShouldBe(1 - Math.Pow(0.99, 3), 1e-10);
        var same = family with { Correlation = [.. Enumerable.Repeat(1.0, 16)] };
        Near(new MultivariateTAdjustment(same).Probabilities(), 0.01, 0.04, 0.03, 0.005);
    }

    [Fact]
    public void Scheffe_RankOfTheSet_IsTheNumeratorOfF()
    {
        var table = means.Pairwise(Adjustment.Scheffe);
        foreach (var row in table)
            row.PValue.ShouldBe(TailProbability.F(row.Statistic * row.Statistic / 3, 3, row.DegreesOfFreedom!.Value), 1e-10 * row.PValue);
    }

    [Fact]
    public void Holm_Intervals_AreBonferronisAndSaySo()
    {
        var holm = means.Pairwise(Adjustment.Holm);
        holm.Findings.Single().Rule.ShouldBe("intervals-bonferroni");
        holm[0].Upper.ShouldBe(means.Pairwise(Adjustment.Bonferroni)[0].Upper, 1e-12);
    }

    [Fact]
    public void Simultaneous_Means_AreWiderTogether()
    {
        var wider = means.Simultaneous(Adjustment.MultivariateT);
        var bonferroni = means.Simultaneous(Adjustment.Bonferroni);
        for (var i = 0; i < means.Count; i++)
        {
            wider[i].Upper.ShouldBeGreaterThan(means[i].Upper);
            wider[i].Upper.ShouldBeLessThan(bonferroni[i].Upper);
        }
    }

    /// <summary>Each by-group is a family: the same contrasts adjusted for the group's number alone.</summary>
    [Fact]
    public void Groups_AreAdjustedForThemselves()
    {
        var fit = FittedExamples.Of("yield ~ factor(nitro) * Variety + (1 | Block/Variety)", "Oats");
        var grouped = fit.MarginalMeans("nitro", "Variety").Pairwise(Adjustment.Bonferroni);
        var own = fit.MarginalMeans("nitro", "Variety").Pairwise(Adjustment.None);
        grouped.Count.ShouldBe(18);
        grouped[7].Levels["Variety"].ShouldBe("Marvellous");
        grouped[7].PValue.ShouldBe(Math.Min(1, 6 * own[7].PValue), 1e-12);
    }

    private static ContrastFamily Family(params double[] p)
    {
        var K = p.Length;
        return new(
            [.. p.Select(value => TailProbability.StudentQuantile(value, double.PositiveInfinity))],
            [.. Enumerable.Repeat(double.PositiveInfinity, K)],
            [.. Enumerable.Range(0, K * K).Select(i => i % (K + 1) == 0 ? 1.0 : 0)],
            K);
    }

    private static void Near(double[] actual, params double[] expected)
    {
        for (var i = 0; i < expected.Length; i++) actual[i].ShouldBe(expected[i], 1e-10);
    }
}
