using System.Runtime.Intrinsics;
using MixedModels.Numerics;

namespace MixedModels.Tests.Numerics;

public class VectorFunctionsTests
{
    /// <summary>Two units in the last place: one of ours, one of the system's.</summary>
    private const double Tolerance = 4.5e-16;

    [Fact]
    public void Exp_AnyArgument_IsTheSystems()
    {
        for (var x = -707.0; x < 709; x += 0.0371)
        {
            var value = VectorFunctions.Exp(Vector512.Create(x))[3];
            value.ShouldBe(Math.Exp(x), Tolerance * Math.Exp(x), $"at {x}");
        }

        VectorFunctions.Exp(Vector512<double>.Zero)[0].ShouldBe(1);
    }

    [Fact]
    public void Exp_BeyondWhatNumbersHold_IsNoughtInfinityOrNoNumber()
    {
        var x = Vector512.Create(-1e9, -745, double.NegativeInfinity, 709.9, 1e300, double.PositiveInfinity, double.NaN, 0);
        var value = VectorFunctions.Exp(x);
        for (var lane = 0; lane < 3; lane++) value[lane].ShouldBe(0, 1e-300);
        for (var lane = 3; lane < 6; lane++) value[lane].ShouldBe(double.PositiveInfinity);
        double.IsNaN(value[6]).ShouldBeTrue();
        value[7].ShouldBe(1);
    }

    [Fact]
    public void LogOnePlus_FromNoughtToOne_IsTheSeries()
    {
        // artanh's series by Horner's rule in decimal digits of a double is exact to two units for x ≤ 1, where s ≤ 1/3.
        for (var x = 1e-9; x <= 1; x *= 1.0173)
        {
            var s = x / (2 + x);
            var sum = 0.0;
            for (var n = 41; n >= 3; n -= 2) sum = ((sum * s) + (s / n)) * s;
            var expected = 2 * (s + (s * sum));
            VectorFunctions.LogOnePlus(Vector512.Create(x))[5].ShouldBe(expected, 2 * Tolerance * expected, $"at {x}");
            VectorFunctions.LogOnePlus(Vector512.Create(x))[5].ShouldBe(Math.Log(1 + x), 3e-16, $"at {x}");
        }

        VectorFunctions.LogOnePlus(Vector512.Create(1e-200))[0].ShouldBe(1e-200, 1e-215);
        VectorFunctions.LogOnePlus(Vector512<double>.Zero)[0].ShouldBe(0);
    }
}
