using MixedModels.Reporting.Plots;

namespace MixedModels.Reporting.Tests.Plots;

public class SmootherTests
{
    [Fact]
    public void Of_PointsOnALine_IsTheLine()
    {
        double[] x = [3, 1, 4, 1.5, 9, 2.6, 5.3, 5.8];
        var (places, line) = Smoother.Of(x, [.. x.Select(value => 2 - (0.5 * value))]);
        places[0].ShouldBe(1);
        places[^1].ShouldBe(9);
        for (var i = 0; i < places.Length; i++) line[i].ShouldBe(2 - (0.5 * places[i]), 1e-12);
    }

    [Fact]
    public void Of_OnePlace_IsTheMeanThere()
    {
        var (places, line) = Smoother.Of([2, 2, 2], [1, 2, 6]);
        places.ShouldBe([2]);
        line[0].ShouldBe(3, 1e-12);
    }

    // R 4.2: predict(loess((x - 3)^2 ~ x, span = 0.7, degree = 1, control = loess.control(surface = "direct")), c(1, 10)) with x = 1:10.
    // loess widens its window by no more than rounding, ours by 1e-4 of it: the results may differ by about as much.
    [Fact]
    public void Of_AParabola_AgreesWithLoess()
    {
        double[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
        var (places, line) = Smoother.Of(x, [.. x.Select(value => (value - 3) * (value - 3))], span: 0.7);
        (places[0], places[^1]).ShouldBe((1, 10));
        line[0].ShouldBe(2.125975687, 2e-3);
        line[^1].ShouldBe(47.125975687, 2e-3);
    }
}
