using MixedModels.Numerics;

namespace MixedModels.Tests.Numerics;

public class GammaFunctionsTests
{
    [Theory]
    [InlineData(0.001, 6.907178885383854)]
    [InlineData(0.5, 0.5723649429247001)]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(7, 6.579251212010101)]
    [InlineData(100.5, 361.4355404677776)]
    public void Log_KnownValues_AreExact(double x, double expected) => GammaFunctions.Log(x).ShouldBe(expected, 1e-13 * (1 + Math.Abs(expected)));

    [Fact]
    public void Digamma_AtOne_IsMinusEulersConstant()
    {
        GammaFunctions.Digamma(1).ShouldBe(-0.5772156649015329, 1e-14);
        GammaFunctions.Trigamma(1).ShouldBe(Math.PI * Math.PI / 6, 1e-14);
        GammaFunctions.Tetragamma(1).ShouldBe(-2 * 1.2020569031595942, 1e-14);
    }

    [Theory]
    [InlineData(0.03)]
    [InlineData(1.7)]
    [InlineData(14.9)]
    [InlineData(15.2)]
    [InlineData(400)]
    public void Derivatives_EqualDifferences(double x)
    {
        var h = 1e-5 * x;
        GammaFunctions.Digamma(x).ShouldBe((GammaFunctions.Log(x + h) - GammaFunctions.Log(x - h)) / (2 * h), 1e-7 * (1 + (1 / x)));
        GammaFunctions.Trigamma(x).ShouldBe((GammaFunctions.Digamma(x + h) - GammaFunctions.Digamma(x - h)) / (2 * h), 1e-7 * (1 + (1 / (x * x))));
        GammaFunctions.Tetragamma(x).ShouldBe((GammaFunctions.Trigamma(x + h) - GammaFunctions.Trigamma(x - h)) / (2 * h), 1e-7 * (1 + (2 / (x * x * x))));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(3.4)]
    [InlineData(14.6)]
    public void Log_OneFurther_IsTheRecurrence(double x) => GammaFunctions.Log(x + 1).ShouldBe(GammaFunctions.Log(x) + Math.Log(x), 1e-13 * (1 + Math.Abs(GammaFunctions.Log(x))));
}
