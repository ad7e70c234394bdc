using MathNet.Numerics.Distributions;
using MixedModels.Numerics;

namespace MixedModels.Tests.Numerics;

public sealed class TailProbabilityTests
{
    [Theory]
    [InlineData(1e-3)]
    [InlineData(0.5)]
    [InlineData(3.0)]
    [InlineData(1e4)]
    [InlineData(1e12)]
    public void StudentTwoSided_OneAndTwoDegrees_IsTheClosedForm(double t)
    {
        Near(TailProbability.StudentTwoSided(t, 1), 2 / Math.PI * Math.Atan(1 / t));
        var root = Math.Sqrt(2 + (t * t));
        Near(TailProbability.StudentTwoSided(-t, 2), 2 / (root * (root + t)));
    }

    [Theory]
    [InlineData(0.01, 3, 1e-13)]
    [InlineData(2, 7.5, 1e-13)]
    [InlineData(50, 400, 1e-13)]
    [InlineData(3, 1e7, 1e-13)]
    [InlineData(9, 1e12, 1e-13)]
    public void F_TwoNumeratorDegrees_IsTheClosedForm(double f, double df, double tolerance) =>
        Near(TailProbability.F(f, 2, df), Math.Exp(-df / 2 * LogOnePlus(2 * f / df)), tolerance);

    [Theory]
    [InlineData(0.1)]
    [InlineData(20.0)]
    [InlineData(1300.0)]
    public void ChiSquared_TwoAndFourDegrees_IsTheClosedForm(double x)
    {
        Near(TailProbability.ChiSquared(x, 2), Math.Exp(-x / 2));
        Near(TailProbability.ChiSquared(x, 4), Math.Exp(-x / 2) * (1 + (x / 2)));
    }

    /// <summary>Upper tails of the standard normal to 16 digits, twice, at 10 and 37 standard deviations.</summary>
    [Theory]
    [InlineData(1.959963984540054, 0.05)]
    [InlineData(10, 2 * 7.619853024160527e-24)]
    [InlineData(37, 2 * 5.725571222524586e-300)]
    public void NormalTwoSided_IsThePublishedTail(double z, double p) => Near(TailProbability.NormalTwoSided(z), p, 2e-13);

    /// <summary>MathNet's central values are good to about 1e-13, its tails to 1e-9.</summary>
    [Fact]
    public void Tails_AgreeWithAnotherLibrary()
    {
        foreach (var df in new[] { 0.7, 2.5, 9, 33.3, 480, 12_345 })
        {
            foreach (var t in new[] { 0.01, 0.6, 1.9, 4.4 })
                Near(TailProbability.StudentTwoSided(t, df), 2 * StudentT.CDF(0, 1, df, -t), 2e-9);
            foreach (var numerator in new[] { 1, 3.0, 17 })
                Near(TailProbability.F(1.3, numerator, df), 1 - FisherSnedecor.CDF(numerator, df, 1.3), 1e-10);
        }
    }

    [Fact]
    public void StudentTwoSided_ManyDegrees_TendsToTheNormal()
    {
        // The difference of the logarithms is (t⁴ − 2t² − 1 …)/(4 df): of the order of 1e-8 here.
        Near(TailProbability.StudentTwoSided(3, 1e10), TailProbability.NormalTwoSided(3), 1e-8);
        Near(TailProbability.StudentTwoSided(3, 1e15), TailProbability.NormalTwoSided(3), 1e-12);
        TailProbability.StudentTwoSided(3, double.PositiveInfinity).ShouldBe(TailProbability.NormalTwoSided(3));
        TailProbability.StudentTwoSided(double.NaN, 3).ShouldBe(double.NaN);
        TailProbability.StudentTwoSided(1, double.NaN).ShouldBe(double.NaN);
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.05)]
    [InlineData(1e-8)]
    public void StudentQuantile_OneAndTwoDegrees_IsTheClosedForm(double p)
    {
        Near(TailProbability.StudentQuantile(p, 1), 1 / Math.Tan(Math.PI * p / 2));
        Near(TailProbability.StudentQuantile(p, 2), Math.Sqrt(2) * (1 - p) / Math.Sqrt(p * (2 - p)));
        Near(TailProbability.StudentQuantile(0.05, double.PositiveInfinity), 1.959963984540054);
    }

    [Theory]
    [InlineData(1e-100)]
    [InlineData(1e-10)]
    [InlineData(0.3)]
    [InlineData(0.999)]
    public void StudentQuantile_InvertsTheTail(double p)
    {
        foreach (var df in new[] { 0.8, 3, 40, 1e6, double.PositiveInfinity })
        {
            var t = TailProbability.StudentQuantile(p, df);
            if (double.IsFinite(t * t)) Near(TailProbability.StudentTwoSided(t, df), p, 1e-11);
        }
    }

    private static void Near(double actual, double expected, double tolerance = 1e-13) => actual.ShouldBe(expected, tolerance * Math.Abs(expected));

    private static double LogOnePlus(double x)
    {
        var sum = 0.0;
        if (x > 0.01) return Math.Log(1 + x);
        var power = x;
        for (var k = 1; k < 30; k++)
        {
            sum += (k % 2 == 1 ? 1 : -1) * power / k;
            power *= x;
        }

        return sum;
    }
}
