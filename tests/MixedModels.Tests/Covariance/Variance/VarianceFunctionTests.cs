using MixedModels.Covariance.Variance;
using MixedModels.Numerics;

namespace MixedModels.Tests.Covariance.Variance;

public sealed class VarianceFunctionTests
{
    public static TheoryData<string> Names => [.. VarianceCatalogue.Names];

    [Theory]
    [InlineData("power", new[] { 0.7 }, 3, 2.1576692799745931)]
    [InlineData("power", new[] { 0.7 }, -3, 2.1576692799745931)]
    [InlineData("exp", new[] { 0.2 }, 3, 1.8221188003905089)]
    [InlineData("constpower", new[] { 0.5, 2.0 }, 3, 9.5)]
    [InlineData("constpower", new[] { 0.5, 2.0 }, 0, 0.5)]
    [InlineData("fixed", new double[0], 4, 2)]
    [InlineData("ident", new[] { 1.4 }, 0, 1.4)]
    public void LogScale_NaturalParameters_IsTheFunctionsFormula(string name, double[] natural, double v, double expected)
    {
        var function = VarianceCatalogue.Create(name, [1, 2, 5]);
        var free = Jet.Variables([.. natural.Select((value, k) => function.Free(k, value))]);
        Math.Exp(function.LogScale(free, v).Value).ShouldBe(expected, 1e-13 * expected);
        for (var k = 0; k < natural.Length; k++) function.Natural(k, free[k]).Value.ShouldBe(natural[k], 1e-14);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LogScale_Derivatives_AreThoseOfDifferences(string name)
    {
        var function = VarianceCatalogue.Create(name, [1, 2, 5]);
        function.Name.ShouldBe(name);
        function.Start.Count.ShouldBe(function.ParameterNames.Count);
        double[] at = [.. Enumerable.Range(0, function.ParameterNames.Count).Select(k => 0.3 + (0.2 * k))];
        const double h = 1e-5;
        var jet = function.LogScale(Jet.Variables(at), 1.7);
        for (var i = 0; i < at.Length; i++)
        {
            var (up, down) = ((double[])at.Clone(), (double[])at.Clone());
            up[i] += h;
            down[i] -= h;
            var (above, below) = (function.LogScale(Jet.Variables(up), 1.7), function.LogScale(Jet.Variables(down), 1.7));
            jet.First[i].ShouldBe((above.Value - below.Value) / (2 * h), 1e-9);
            for (var j = 0; j <= i; j++)
                (jet.Second.Length == 0 ? 0 : jet.Second[Jet.Pair(i, j)]).ShouldBe((above.First[j] - below.First[j]) / (2 * h), 1e-9);
        }
    }
}
