using MixedModels.Design;

namespace MixedModels.Tests.Design;

public sealed class ContrastMatrixTests
{
    private static readonly string[] levels = ["a", "b", "c"];

    [Theory]
    [InlineData(ContrastCoding.Treatment, new[] { "b", "c" }, new double[] { 0, 1, 0, 0, 0, 1 })]
    [InlineData(ContrastCoding.Sum, new[] { "1", "2" }, new double[] { 1, 0, -1, 0, 1, -1 })]
    [InlineData(ContrastCoding.Helmert, new[] { "1", "2" }, new double[] { -1, 1, 0, -1, -1, 2 })]
    [InlineData(ContrastCoding.Sas, new[] { "a", "b" }, new double[] { 1, 0, 0, 0, 1, 0 })]
    public void Create_ThreeLevels_IsTheTextbookMatrix(ContrastCoding coding, string[] suffixes, double[] values)
    {
        var contrasts = ContrastMatrix.Create(coding, levels);
        contrasts.Suffixes.ShouldBe(suffixes);
        contrasts.Values.ToArray().ShouldBe(values);
        contrasts.LevelCount.ShouldBe(3);
    }

    [Fact]
    public void Create_PolynomialOfThreeLevels_IsLinearAndQuadratic()
    {
        var contrasts = ContrastMatrix.Create(ContrastCoding.Polynomial, levels);
        contrasts.Suffixes.ShouldBe([".L", ".Q"]);
        double[] expected = [-Math.Sqrt(0.5), 0, Math.Sqrt(0.5), 1 / Math.Sqrt(6), -2 / Math.Sqrt(6), 1 / Math.Sqrt(6)];
        contrasts.Values.ToArray().ShouldBe(expected, 1e-15);
    }

    [Fact]
    public void Create_PolynomialOfFiveLevels_NamesHigherDegreesByPower() =>
        ContrastMatrix.Create(ContrastCoding.Polynomial, ["1", "2", "3", "4", "5"]).Suffixes.ShouldBe([".L", ".Q", ".C", "^4"]);

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(30)]
    [InlineData(95)]
    public void Create_Polynomial_IsOrthonormalAndSumsToZero(int count)
    {
        var names = Enumerable.Range(1, count).Select(i => $"{i}").ToArray();
        var contrasts = ContrastMatrix.Create(ContrastCoding.Polynomial, names);
        for (var j = 0; j < count - 1; j++)
        {
            contrasts.Column(j).ToArray().Sum().ShouldBe(0, 1e-12);
            for (var k = 0; k <= j; k++)
            {
                var product = contrasts.Column(j).ToArray().Zip(contrasts.Column(k).ToArray(), (a, b) => a * b).Sum();
                product.ShouldBe(j == k ? 1 : 0, 1e-12, $"columns {j} and {k} of {count}");
            }
        }
    }

    [Fact]
    public void Create_Polynomial_RisesAtTheLastLevel()
    {
        var contrasts = ContrastMatrix.Create(ContrastCoding.Polynomial, ["1", "2", "3", "4", "5", "6", "7"]);
        for (var j = 0; j < 6; j++)
            contrasts.Column(j)[^1].ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(ContrastCoding.Sum)]
    [InlineData(ContrastCoding.Helmert)]
    public void Create_SumAndHelmert_ColumnsSumToZero(ContrastCoding coding)
    {
        var contrasts = ContrastMatrix.Create(coding, ["a", "b", "c", "d", "e"]);
        for (var j = 0; j < 4; j++)
            contrasts.Column(j).ToArray().Sum().ShouldBe(0);
    }

    [Fact]
    public void Create_Numbered_NamesByLevelNumber()
    {
        ContrastMatrix.Create(ContrastCoding.Treatment, levels, isNumbered: true).Suffixes.ShouldBe(["2", "3"]);
        ContrastMatrix.Create(ContrastCoding.Sas, levels, isNumbered: true).Suffixes.ShouldBe(["1", "2"]);
    }

    [Fact]
    public void Indicators_Levels_AreTheIdentity()
    {
        var indicators = ContrastMatrix.Indicators(["u", "v"]);
        indicators.Suffixes.ShouldBe(["u", "v"]);
        indicators.Values.ToArray().ShouldBe([1, 0, 0, 1]);
    }

    [Theory]
    [InlineData("sum", ContrastCoding.Sum)]
    [InlineData("contr.SAS", ContrastCoding.Sas)]
    [InlineData("poly", ContrastCoding.Polynomial)]
    [InlineData("helmert", ContrastCoding.Helmert)]
    [InlineData("treatment", ContrastCoding.Treatment)]
    public void TryParse_Name_GivesTheCoding(string name, ContrastCoding expected)
    {
        ContrastCodingNames.TryParse(name, out var coding).ShouldBeTrue();
        coding.ShouldBe(expected);
    }

    [Fact]
    public void TryParse_UnknownName_IsFalse() => ContrastCodingNames.TryParse("Sum", out _).ShouldBeFalse();
}
