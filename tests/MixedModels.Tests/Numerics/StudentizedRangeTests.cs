using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;
using MixedModels.Numerics;

namespace MixedModels.Tests.Numerics;

public sealed class StudentizedRangeTests
{
    /// <summary>The range of two is √2 |T|, at any distance into the tail.</summary>
    [Theory]
    [InlineData(0.3, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 2.5)]
    [InlineData(7, 30)]
    [InlineData(40, 12)]
    [InlineData(900, 3)]
    [InlineData(5, 1e6)]
    [InlineData(5, 1e13)]
    [InlineData(25, double.PositiveInfinity)]
    public void Upper_TwoMeans_IsStudents(double q, double df)
    {
        var expected = TailProbability.StudentTwoSided(q / Math.Sqrt(2), df);
        StudentizedRange.Upper(q, 2, df).ShouldBe(expected, 1e-12 * expected);
    }

    /// <summary>The largest of three less the smallest, scale known: P(R ≥ w) from the distribution function of the range, another formula and another library.</summary>
    [Theory]
    [InlineData(1.0, 3, 10)]
    [InlineData(3.5, 3, 10)]
    [InlineData(4.2, 10, 20)]
    [InlineData(2, 50, 7.3)]
    [InlineData(6, 4, 60)]
    [InlineData(8, 6, 4)]
    public void Upper_SimpsonsRuleOfTheDistributionFunction_IsTheSame(double q, int k, double df)
    {
        double Range(double w) => k * SimpsonRule.IntegrateComposite(
            z => Normal.PDF(0, 1, z) * Math.Pow(Math.Max(0, Normal.CDF(0, 1, z) - Normal.CDF(0, 1, z - w)), k - 1), -9, 9, 400);
        var lower = SimpsonRule.IntegrateComposite(s => ScaleDensity(s, df) * Range(q * s), 1e-9, 6, 1200);
        StudentizedRange.Upper(q, k, df).ShouldBe(1 - lower, 2e-10);
    }

    /// <summary>Upper 5 % and 1 % points: Harter 1960, table II; three decimals are printed.</summary>
    [Theory]
    [InlineData(0.05, 3, 10, 3.877)]
    [InlineData(0.05, 10, 20, 5.008)]
    [InlineData(0.05, 3, 2, 8.331)]
    [InlineData(0.05, 20, 5, 8.208)]
    [InlineData(0.01, 5, double.PositiveInfinity, 4.603)]
    [InlineData(0.01, 4, 15, 5.252)]
    public void Quantile_IsThePublishedTable(double p, int k, double df, double expected) =>
        StudentizedRange.Quantile(p, k, df).ShouldBe(expected, 6e-4);

    /// <summary>R 4.2.2, ptukey(…, lower.tail = FALSE), whose own quadrature is good to 1e-6 or so relative: at (8, 6, 4) Simpson's rule above is on our side.</summary>
    [Theory]
    [InlineData(3.5, 3, 10, 0.0771033108386604)]
    [InlineData(1, 4, 2, 0.887498946902789)]
    [InlineData(4.2, 10, 20, 0.149865921640422)]
    [InlineData(2, 50, 7.3, 0.999382569453692)]
    [InlineData(5, 3, double.PositiveInfinity, 0.00118399123098678)]
    [InlineData(8, 6, 4, 0.0274163402906643)]
    public void Upper_IsRs(double q, int k, double df, double expected) => StudentizedRange.Upper(q, k, df).ShouldBe(expected, 2e-6 * expected);

    /// <summary>A tail on few degrees of freedom: R's adaptive integrate() of the definition gives this, its ptukey 1.63e-4.</summary>
    [Fact]
    public void Upper_TailOfFewDegrees_IsTheIntegral() => StudentizedRange.Upper(21.2737522510111 * Math.Sqrt(2), 5, 4).ShouldBe(1.39102042472e-4, 1e-11);

    [Fact]
    public void Quantile_InvertsUpper()
    {
        foreach (var p in new[] { 1e-9, 0.05, 0.6 })
            StudentizedRange.Upper(StudentizedRange.Quantile(p, 7, 11.3), 7, 11.3).ShouldBe(p, 1e-9 * p);
    }

    [Fact]
    public void Upper_Ends_AreOneAndZero()
    {
        StudentizedRange.Upper(0, 5, 10).ShouldBe(1);
        StudentizedRange.Upper(1e-6, 5, 10).ShouldBe(1, 1e-12);
        StudentizedRange.Upper(double.PositiveInfinity, 5, 10).ShouldBe(0);
        StudentizedRange.Upper(double.NaN, 5, 10).ShouldBe(double.NaN);
        StudentizedRange.Upper(3, 5, double.NaN).ShouldBe(double.NaN);
        StudentizedRange.Quantile(0.05, 5, double.NaN).ShouldBe(double.NaN);
    }

    private static double ScaleDensity(double s, double df) => ChiSquared.PDF(df, df * s * s) * 2 * df * s;
}
