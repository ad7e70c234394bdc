using MixedModels.Execution;
using MixedModels.Inference.Comparison;

namespace MixedModels.Tests.Inference.Comparison;

public sealed class ChiBarSquareTests
{
    // Half of the tail at 0.1 of χ²₁: the 95 % point of ½χ²₀ + ½χ²₁ is 2.7055 (Stram and Lee 1994, section 2).
    [Theory]
    [InlineData(2.705543454095404, 1, 0.05)]
    [InlineData(0, 1, 1)]
    [InlineData(-1e-9, 2, 1)]
    public void HalfAndHalf_KnownPoints_AreMet(double x, int df, double p) => ChiBarSquare.HalfAndHalf(x, df).ShouldBe(p, 1e-12);

    // ½χ²₁ + ½χ²₂ at 5.138: the 95 % point for a random slope beside an intercept (Fitzmaurice, Laird and Ware 2011, table of appendix C).
    [Fact]
    public void HalfAndHalf_SlopeBesideAnIntercept_HasThePublishedPoint() => ChiBarSquare.HalfAndHalf(5.14, 2).ShouldBe(0.05, 5e-4);

    [Fact]
    public void HalfAndHalf_OfSimulatedProjections_HasTheirFrequencies()
    {
        // A normal vector of the tangent space, its first coordinate a variance: the ratio is the squared length of its projection
        // on the half space where that coordinate is not negative.
        const int Draws = 200_000;
        var random = new RandomStream(7, 0);
        double[] points = [0.5, 2, 5];
        var exceeded = new int[points.Length];
        for (var draw = 0; draw < Draws; draw++)
        {
            var (variance, covariance) = (random.NextNormal(), random.NextNormal());
            var ratio = (covariance * covariance) + (variance > 0 ? variance * variance : 0);
            for (var i = 0; i < points.Length; i++)
            {
                if (ratio >= points[i]) exceeded[i]++;
            }
        }

        for (var i = 0; i < points.Length; i++)
        {
            var p = ChiBarSquare.HalfAndHalf(points[i], 2);
            ((double)exceeded[i] / Draws).ShouldBe(p, 5 * Math.Sqrt(p * (1 - p) / Draws));
        }
    }
}
