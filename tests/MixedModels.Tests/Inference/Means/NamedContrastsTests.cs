using MixedModels.Inference.Means;

namespace MixedModels.Tests.Inference.Means;

public sealed class NamedContrastsTests
{
    private static readonly string[] labels = ["a", "b", "c", "d"];

    public static TheoryData<string> Names => [.. NamedContrasts.All.Select(set => set.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Make_AnySet_SumsToZeroAndHasItsOwnLabels(string name)
    {
        var set = NamedContrasts.Find(name);
        var contrasts = set.Make(labels, set.DefaultControl(4)).ToArray();
        contrasts.Select(contrast => contrast.Label).ShouldBeUnique(StringComparer.Ordinal);
        foreach (var contrast in contrasts)
        {
            contrast.Weights.Length.ShouldBe(4);
            contrast.Weights.Sum().ShouldBe(name == "identity" ? 1 : 0, 1e-15);
        }
    }

    [Theory]
    [InlineData("pairwise", "a - b, a - c, a - d, b - c, b - d, c - d")]
    [InlineData("revpairwise", "b - a, c - a, c - b, d - a, d - b, d - c")]
    [InlineData("trt.vs.ctrl", "b - a, c - a, d - a")]
    [InlineData("dunnett", "b - a, c - a, d - a")]
    [InlineData("trt.vs.ctrlk", "a - d, b - d, c - d")]
    [InlineData("consec", "b - a, c - b, d - c")]
    [InlineData("mean_chg", "a|b, b|c, c|d")]
    [InlineData("eff", "a effect, b effect, c effect, d effect")]
    public void Make_Labels_AreInTheOrderOfEmmeans(string name, string expected)
    {
        var set = NamedContrasts.Find(name);
        string.Join(", ", set.Make(labels, set.DefaultControl(4)).Select(contrast => contrast.Label)).ShouldBe(expected);
    }

    [Fact]
    public void Make_Averages_AreThoseByHand()
    {
        Weights("eff", 0).ShouldBe([0.75, -0.25, -0.25, -0.25]);
        Weights("del.eff", 1).ShouldBe([-1.0 / 3, 1, -1.0 / 3, -1.0 / 3]);
        Weights("mean_chg", 1).ShouldBe([-0.5, -0.5, 0.5, 0.5]);
    }

    /// <summary>Fisher and Yates 1938, table XXIII.</summary>
    [Theory]
    [InlineData(2, 1, new double[] { -1, 1 })]
    [InlineData(3, 2, new double[] { 1, -2, 1 })]
    [InlineData(4, 1, new double[] { -3, -1, 1, 3 })]
    [InlineData(5, 3, new double[] { -1, 2, 0, -2, 1 })]
    [InlineData(6, 5, new double[] { -1, 5, -10, 10, -5, 1 })]
    [InlineData(8, 4, new double[] { 7, -13, -3, 9, 9, -3, -13, 7 })]
    [InlineData(7, 6, new double[] { 1, -6, 15, -20, 15, -6, 1 })]
    public void Polynomials_AreThoseOfTheTables(int levels, int degree, double[] expected) =>
        PolynomialContrasts.Of(levels).ElementAt(degree - 1).Weights.ShouldBe(expected);

    [Fact]
    public void Polynomials_ManyLevels_AreOrthogonalUpToTheSixthDegree()
    {
        var contrasts = PolynomialContrasts.Of(40).ToArray();
        contrasts.Select(contrast => contrast.Label).ShouldBe(["linear", "quadratic", "cubic", "quartic", "degree 5", "degree 6"]);
        for (var i = 0; i < 6; i++)
        {
            for (var j = 0; j < i; j++) contrasts[i].Weights.Zip(contrasts[j].Weights, (a, b) => a * b).Sum().ShouldBe(0);
            contrasts[i].Weights[^1].ShouldBeGreaterThan(0);
        }
    }

    private static double[] Weights(string name, int place) => NamedContrasts.Find(name).Make(labels, 0).ElementAt(place).Weights;
}
