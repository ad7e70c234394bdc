using System.Globalization;
using MixedModels.Tests.Data;

namespace MixedModels.Tests.Inference.Choice;

public sealed class JustifiedEffectsTests
{
    private const string Constant = "it is constant within every level of g";

    [Fact]
    public void Effects_OfASplitPlot_VaryWhereTheyDo()
    {
        // a between groups, b within, two rows a cell: b:a is then b itself within a group.
        var effects = Effects("y ~ a * b + (1 | g)", Design(groups: 6, (g, i) => (g % 2 == 0 ? "p" : "q", i % 3 == 0 ? "x" : i % 3 == 1 ? "y" : "z"), rows: 6));
        effects.ShouldBe([("a", Constant), ("b", ""), ("a:b", "a, which it contains, is not justified")]);
    }

    [Theory]
    [InlineData(4, "with it every row of a level of g has an effect of its own, so that nothing is left for the residual")]
    [InlineData(8, "")]
    public void Interaction_WithinGroups_NeedsMoreRowsThanCells(int rows, string reason)
    {
        var effects = Effects("y ~ a * b + (1 | g)", Design(groups: 5, (_, i) => (i % 2 == 0 ? "p" : "q", i / 2 % 2 == 0 ? "x" : "y"), rows));
        effects.ShouldBe([("a", ""), ("b", ""), ("a:b", reason)]);
    }

    [Fact]
    public void Square_OfACovariateWithTwoValuesAGroup_IsACombination()
    {
        var text = Rows(groups: 4, rows: 6, (g, i) => FormattableString.Invariant($"{(i % 2 == 0 ? g : g + 2)},p"));
        var effects = Effects("y ~ a + I(a^2) + (1 | g)", text);
        effects.ShouldBe([("a", ""), ("I(a^2)", "within every level of g it is a combination of the intercept, a")]);
    }

    [Fact]
    public void Effect_ThatVariesInOneGroup_IsNotJustified()
    {
        var effects = Effects("y ~ a + (1 | g)", Rows(groups: 4, rows: 4, (g, i) => FormattableString.Invariant($"{(g == 2 ? i : 1)},p")));
        effects.ShouldBe([("a", "it varies within one level of g only")]);
    }

    [Fact]
    public void Factor_OfWhichAGroupSeesTwoLevels_IsJustifiedByAllTogether()
    {
        // Groups see p and q, or q and r: each alone could tell one difference only.
        var effects = Effects("y ~ b + (1 | g)", Rows(groups: 6, rows: 6, (g, i) => "1," + (g % 2 == 0 ? (i % 2 == 0 ? "p" : "q") : (i % 2 == 0 ? "q" : "r"))));
        effects.ShouldBe([("b", "")]);
    }

    [Fact]
    public void Factor_WithALevelThatStandsAlone_IsNotToldApart()
    {
        // r is all that its groups see, so within groups there is one difference for two columns.
        var effects = Effects("y ~ b + (1 | g)", Rows(groups: 6, rows: 6, (g, i) => "1," + (g < 3 ? (i % 2 == 0 ? "p" : "q") : "r")));
        effects.ShouldBe([("b", "within the levels of g its columns are combinations of each other and of the intercept")]);
    }

    [Fact]
    public void Effect_ThatIsAMultipleOfAnother_IsACombination()
    {
        var effects = Effects("y ~ b + I(2 * (b == \"q\")) + (1 | g)", Rows(groups: 6, rows: 6, (_, i) => "1," + (i % 2 == 0 ? "p" : "q")));
        effects.ShouldBe([("b", ""), ("I(2 * (b == \"q\"))", "within every level of g it is a combination of the intercept, b")]);
    }

    [Fact]
    public void Effect_WrittenLeftOfTheBar_IsAskedForToo()
    {
        var effects = Effects("y ~ 1 + (a | g)", Rows(groups: 4, rows: 5, (_, i) => FormattableString.Invariant($"{i},p")));
        effects.ShouldBe([("a", "")]);
    }

    [Fact]
    public void Covariate_NearTwoThousand_IsJudgedByItsVariation()
    {
        var effects = Effects("y ~ a + (1 | g)", Rows(groups: 4, rows: 5, (_, i) => FormattableString.Invariant($"{2000 + (0.01 * i)},p")));
        effects.ShouldBe([("a", "")]);
    }

    private static List<(string, string)> Effects(string formula, string text)
    {
        var choice = RandomEffectsChoice.Search(new LinearMixedModel(formula), Tables.Read(text));
        choice.Effects.ShouldAllBe(effect => effect.IsJustified == (effect.Reason.Length == 0));
        return [.. choice.Effects.Select(effect => (effect.Effect, effect.Reason))];
    }

    private static string Design(int groups, Func<int, int, (string A, string B)> cell, int rows) =>
        Rows(groups, rows, (g, i) => $"{cell(g, i).A},{cell(g, i).B}");

    // Responses without structure: only the columns are looked at.
    private static string Rows(int groups, int rows, Func<int, int, string> columns)
    {
        var lines = new List<string> { "y,g,a,b" };
        for (var g = 0; g < groups; g++)
        {
            for (var i = 0; i < rows; i++)
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{Math.Sin((7.3 * g) + (2.9 * i * i))},G{g},{columns(g, i)}"));
        }

        return string.Join('\n', lines) + "\n";
    }
}
