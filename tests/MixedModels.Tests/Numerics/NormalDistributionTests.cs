using MixedModels.Numerics;

namespace MixedModels.Tests.Numerics;

public sealed class NormalDistributionTests
{
    /// <summary>Half the two-sided tail, which comes from the incomplete gamma function.</summary>
    [Fact]
    public void Lower_WholeRange_IsTheIncompleteGammaFunction()
    {
        for (var z = 0.01; z < 37; z += 0.0917)
        {
            var tail = TailProbability.NormalTwoSided(z) / 2;
            NormalDistribution.Lower(-z).ShouldBe(tail, 1e-12 * tail);
            NormalDistribution.Lower(z).ShouldBe(1 - tail, 1e-15);
        }

        NormalDistribution.Lower(0).ShouldBe(0.5);
        NormalDistribution.Lower(double.NegativeInfinity).ShouldBe(0);
        NormalDistribution.Lower(double.PositiveInfinity).ShouldBe(1);
        NormalDistribution.Lower(double.NaN).ShouldBe(double.NaN);
    }

    [Fact]
    public void Quantile_InvertsLower()
    {
        foreach (var p in new[] { 1e-300, 1e-16, 1e-9, 0.001, 0.025, 0.3, 0.5, 0.7, 0.975, 0.999 })
            NormalDistribution.Lower(NormalDistribution.Quantile(p)).ShouldBe(p, 1e-12 * p);
        NormalDistribution.Quantile(0.975).ShouldBe(1.959963984540054, 1e-14);
        NormalDistribution.Quantile(0).ShouldBe(double.NegativeInfinity);
        NormalDistribution.Quantile(1).ShouldBe(double.PositiveInfinity);
        NormalDistribution.Quantile(-0.1).ShouldBe(double.NaN);
    }

    [Fact]
    public void Density_IsTheDerivative()
    {
        foreach (var z in new[] { -6, -1.3, 0, 0.4, 3 })
        {
            const double h = 1e-5;
            var difference = (NormalDistribution.Lower(z + h) - NormalDistribution.Lower(z - h)) / (2 * h);
            NormalDistribution.Density(z).ShouldBe(difference, 1e-10);
        }
    }
}
