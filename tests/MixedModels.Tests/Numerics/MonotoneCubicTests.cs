using MixedModels.Numerics;

namespace MixedModels.Tests.Numerics;

public sealed class MonotoneCubicTests
{
    [Fact]
    public void At_PointsOfALine_IsTheLine()
    {
        var curve = new MonotoneCubic([-2, 0, 1, 5], [-3, 1, 3, 11]);
        for (var x = -2.0; x <= 5; x += 0.1) curve.At(x).ShouldBe(1 + (2 * x), 1e-13);
    }

    [Fact]
    public void At_TheEndsAndBeyond_IsTheEnds()
    {
        var curve = new MonotoneCubic([0, 1, 4], [1, 2, 9]);
        (curve.At(-1), curve.At(0), curve.At(1), curve.At(4), curve.At(7)).ShouldBe((1, 1, 2, 9, 9));
        new MonotoneCubic([3], [5]).At(2).ShouldBe(5);
        new MonotoneCubic([0, 2], [0, 4]).At(0.5).ShouldBe(1, 1e-15);
    }

    [Fact]
    public void At_RisingPoints_NeverFallsAndNeverOvershoots()
    {
        // A steep step between flats makes an ordinary cubic spline swing.
        var curve = new MonotoneCubic([0, 1, 2, 3, 4, 5], [0, 0.01, 0.02, 10, 10.01, 10.02]);
        var previous = curve.At(0);
        for (var x = 0.0; x <= 5; x += 0.01)
        {
            var value = curve.At(x);
            value.ShouldBeGreaterThanOrEqualTo(previous - 1e-12);
            previous = value;
        }
    }

    [Fact]
    public void At_ASmoothCurve_IsNearIt()
    {
        double[] x = [.. Enumerable.Range(0, 21).Select(i => i / 10.0)];
        var curve = new MonotoneCubic(x, [.. x.Select(Math.Exp)]);
        for (var at = 0.0; at <= 2; at += 0.013) curve.At(at).ShouldBe(Math.Exp(at), 1e-4 * Math.Exp(at));
    }
}
