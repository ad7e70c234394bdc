using MixedModels.Diagnostics;
using MixedModels.Execution;
using MixedModels.Numerics;

namespace MixedModels.Tests;

public class NormalQuantilesTests
{
    [Fact]
    public void Of_ThreeValues_SortsThemAndPlacesThemByBlom()
    {
        var quantiles = NormalQuantiles.Of([5, 1, 3]);
        quantiles.Values.ShouldBe([1, 3, 5]);
        quantiles.Order.ShouldBe([1, 2, 0]);
        quantiles.Mean.ShouldBe(3, 1e-15);
        quantiles.StandardDeviation.ShouldBe(2, 1e-15);
        quantiles.Expected[1].ShouldBe(0, 1e-15);
        quantiles.Expected[2].ShouldBe(NormalDistribution.Quantile(2.625 / 3.25), 1e-15);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(70)]
    public void Band_OfNormalSamples_IsLeftByAboutFivePercent(int n)
    {
        const int samples = 500;
        var outside = 0;
        var values = new double[n];
        for (var s = 0; s < samples; s++)
        {
            var stream = new RandomStream(7, (ulong)s);
            for (var i = 0; i < n; i++) values[i] = 10 + (3 * stream.NextNormal());
            if (NormalQuantiles.Of(values).IsOutside) outside++;
        }

        // 5 % of 500 is 25, its binomial standard deviation 4.9: three and a half of them on either side.
        outside.ShouldBeInRange(8, 42);
    }

    [Fact]
    public void Band_OfASkewedSample_IsLeft()
    {
        var stream = new RandomStream(7, 1);
        NormalQuantiles.Of([.. Enumerable.Range(0, 200).Select(_ => Math.Exp(stream.NextNormal()))]).IsOutside.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0.01, 3, 20)]
    [InlineData(0.001, 1, 1000)]
    [InlineData(0.2, 50, 50)]
    public void OrderQuantile_IsWhereTheBetaTailIs(double tail, int i, int n)
    {
        var u = NormalBand.OrderQuantile(tail, i, n);
        IncompleteBeta.Regularized(u, 1 - u, i, n + 1 - i).ShouldBe(tail, 1e-12);
    }

    [Fact]
    public void TwoSided_AtNinetyFivePercent_IsTheKnownQuantile() => NormalQuantiles.TwoSided(0.95).ShouldBe(1.959963984540054, 1e-14);

    [Fact]
    public void Of_WhatHasNoQuantiles_IsRefused()
    {
        Should.Throw<ArgumentException>(() => NormalQuantiles.Of([1, 2])).Message.ShouldContain("at least 3");
        Should.Throw<ArgumentException>(() => NormalQuantiles.Of([1, 2, double.NaN])).Message.ShouldContain("finite");
        Should.Throw<ArgumentException>(() => NormalQuantiles.Of([4, 4, 4])).Message.ShouldContain("equal");
    }
}
