using MixedModels.Families;

namespace MixedModels.Tests.Families;

public class VectorRowsTests
{
    /// <summary>The vector functions and those of the system differ by units in the last place; cancellation in a few sums doubles that.</summary>
    private const double Tolerance = 4e-15;

    [Theory]
    [InlineData("binomial", "logit")]
    [InlineData("poisson", "log")]
    public void KernelOfRows_AnyNumberOfRows_IsTheKernelOfEach(string name, string link)
    {
        var family = FamilyCases.Create(name, link);
        double[] eta = [-740, -38, -20.5, -3.25, -1e-9, 0, 1e-12, 0.7, 2, 5.5, 19, 36.8, 120];
        Observation[] kinds = [new(0, 1, 1), new(1, 1, 1), new(3, 7, 2.5), new(7, 7, 1)];
        foreach (var row in kinds)
        {
            for (var n = 0; n <= eta.Length; n++)
            {
                double[] Column(double value) => [.. Enumerable.Repeat(value, n)];
                var (first, weights, third) = (new double[n], new double[n], new double[n]);
                var sum = family.KernelOfRows(new(Column(row.Response), Column(row.Trials), Column(row.Weight)), eta.AsSpan(0, n), first, weights, third);
                var expected = 0.0;
                for (var i = 0; i < n; i++)
                {
                    var l = family.Kernel(row, eta[i], []);
                    var size = 1 + Math.Abs(l.First) + Math.Abs(l.Second);
                    expected += l.Value;
                    first[i].ShouldBe(l.First, Tolerance * size, $"{row} at {eta[i]}");
                    weights[i].ShouldBe(-l.Second, Tolerance * size);
                    third[i].ShouldBe(l.Third, Tolerance * size);
                }

                sum.ShouldBe(expected, Tolerance * (1 + Math.Abs(expected)));
            }
        }
    }

    [Fact]
    public void KernelOfRows_FarInATail_KeepsItsDigits()
    {
        // Weights that underflow to a share of 1e-16 must still be right relatively.
        var family = Family.Binomial();
        var (first, weights, third) = (new double[1], new double[1], new double[1]);
        family.KernelOfRows(new([0], [1], [1]), [-40.0], first, weights, third);
        weights[0].ShouldBe(Math.Exp(-40), 1e-14 * Math.Exp(-40));
        first[0].ShouldBe(-Math.Exp(-40), 1e-14 * Math.Exp(-40));
    }

    [Fact]
    public void KernelOfRows_PredictorsThatAreNoNumbers_AreNoDensity()
    {
        var (first, weights, third) = (new double[2], new double[2], new double[2]);
        double.IsFinite(Family.Binomial().KernelOfRows(new([0, 0], [1, 1], [1, 1]), [double.NaN, 0], first, weights, third)).ShouldBeFalse();
        double.IsFinite(Family.Poisson().KernelOfRows(new([0, 0], [1, 1], [1, 1]), [0, 800], first, weights, third)).ShouldBeFalse();
    }

    [Fact]
    public void TakesRows_OtherLinks_DoNot()
    {
        Family.Binomial(Link.Probit).TakesRows.ShouldBeFalse();
        Family.Gamma(Link.Log).TakesRows.ShouldBeFalse();
        Should.Throw<NotSupportedException>(() => Family.Gamma(Link.Log).KernelOfRows(new([], [], []), [], [], [], []));
    }
}
