using MixedModels.Inference.Means;
using MixedModels.Numerics;

namespace MixedModels.Tests.Inference.Means;

public sealed class CommonFactorTests
{
    [Theory]
    [InlineData(new[] { 0.5, 0.5, 0.5 })]
    [InlineData(new[] { 0.9, -0.3, 0.2, 0.7 })]
    [InlineData(new[] { 0.8, 0.0, -0.4 })]
    [InlineData(new[] { 0.6, -0.6 })]
    public void Find_OneFactor_GivesItsCorrelationsBack(double[] loadings)
    {
        var K = loadings.Length;
        double[] R = [.. Enumerable.Range(0, K * K).Select(i => i % (K + 1) == 0 ? 1 : loadings[i % K] * loadings[i / K])];
        var found = CommonFactor.Find(R, K).ShouldNotBeNull();
        for (var i = 0; i < K; i++)
        {
            for (var j = 0; j < i; j++) (found[i] * found[j]).ShouldBe(R[i + (j * K)], 1e-12);
        }
    }

    [Fact]
    public void Find_NoFactor_IsNull()
    {
        CommonFactor.Find([1, -0.5, 0, -0.5, 1, -0.5, 0, -0.5, 1], 3).ShouldBeNull();
        CommonFactor.Find([1, 0.9999, 0.9999, 1], 2).ShouldBeNull();
        CommonFactor.Find([1, 0.9, 0.9, 0.9, 1, 0.1, 0.9, 0.1, 1], 3).ShouldBeNull();
        CommonFactor.Find([1, 0, 0, 1], 2).ShouldBe([0, 0]);
    }

    /// <summary>BB' = R, singular or not; what is the same up to sign stands once.</summary>
    [Fact]
    public void Root_AllPairsOfFourMeans_HasRankThree()
    {
        (int, int)[] pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3), (3, 2)];
        double Weight((int I, int J) pair, int k) => (pair.I == k ? 1 : 0) - (pair.J == k ? 1 : 0);
        double[] R = [.. pairs.SelectMany(a => pairs.Select(b => Enumerable.Range(0, 4).Sum(k => Weight(a, k) * Weight(b, k)) / 2))];
        var root = CorrelationRoot.Of(R, 7);
        (root.Count, root.Rank).ShouldBe((6, 3));
        for (var i = 0; i < 6; i++)
        {
            for (var j = 0; j < 6; j++)
                Enumerable.Range(0, 3).Sum(a => root.Rows[(i * 3) + a] * root.Rows[(j * 3) + a]).ShouldBe(R[i + (j * 7)], 1e-12);
        }

        // Two means and their difference reversed are one comparison.
        new DirectionalModulus(root.Rows, root.Rank).Upper(2.5, 20).Probability.ShouldBe(StudentizedRange.Upper(2.5 * Math.Sqrt(2), 4, 20), 1e-4);
    }
}
