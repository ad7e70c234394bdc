using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests.Estimation.Storage;

/// <summary>A system that takes another response is the one that would have been made from it.</summary>
public sealed class ReplaceResponseTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void ReplaceResponse_OfRandomProblems_IsTheSystemOfTheOther(int seed) => Check(RandomProblems.Ordinary(seed).Data(), seed, reml: seed % 2 == 0);

    [Fact]
    public void ReplaceResponse_OfNestedAndCrossedTerms_IsTheSystemOfTheOther() => Check(RandomProblems.Nested(3).Data(), 3, reml: true);

    [Fact]
    public void ReplaceResponse_OfBalancedLevels_RefillsTheSharedLanes()
    {
        // 20 levels with the same A_l: they stand as p·m lanes whose content depends on the response.
        const int n = 80;
        int[] levels = [.. Enumerable.Range(0, n).Select(r => r / 4)];
        double[] time = [.. Enumerable.Range(0, n).Select(r => (double)(r % 4))];
        double[] Z = [.. Enumerable.Repeat(1.0, n), .. time];
        var random = new Random(5);
        double[] y = [.. Enumerable.Range(0, n).Select(_ => RandomProblem.Normal(random))];
        Check(new(n, 2, y, Z, ReadOnlyMemory<double>.Empty, [new(new MixedModels.Covariance.Unstructured(2), 20, levels, Z)]), 5, reml: true);
    }

    private static void Check(LinearData data, int seed, bool reml)
    {
        var random = new Random(seed + 1000);
        double[] other = [.. Enumerable.Range(0, data.n).Select(_ => 20 + RandomProblem.Normal(random))];
        var own = new StandardizedData(data);
        var expected = Deviance(new StandardizedData(data with { y = other }), reml);
        var replaced = Deviance(own, reml);
        double[] theta = [.. Enumerable.Range(0, expected.Dimension).Select(k => k % 5 == 4 ? 0 : RandomProblem.Normal(random))];
        replaced.Evaluate(theta);
        replaced.System.ReplaceResponse(own.WithResponse(other));
        var actual = new ProfiledDeviance(own.WithResponse(other), replaced.System, reml);
        var (a, b) = (actual.Evaluate(theta), expected.Evaluate(theta));
        a.Value.ShouldBe(b.Value, 1e-9 * Math.Abs(b.Value));
        for (var k = 0; k < a.Gradient.Length; k++) a.Gradient[k].ShouldBe(b.Gradient[k], 1e-8 * (1 + Math.Abs(b.Gradient[k])));
        for (var k = 0; k < a.Hessian.Length; k++) a.Hessian[k].ShouldBe(b.Hessian[k], 1e-8 * (1 + Math.Abs(b.Hessian[k])));
        for (var k = 0; k < actual.w.Length; k++) actual.w[k].ShouldBe(expected.w[k], 1e-9 * (1 + Math.Abs(expected.w[k])));
    }

    private static ProfiledDeviance Deviance(StandardizedData data, bool reml) =>
        new(data, BlockPlan.Allocate(data, data.Data.Terms.Count == 0 ? null : BlockPlan.For(data.Data), null), reml);
}
