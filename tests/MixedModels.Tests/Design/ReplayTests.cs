using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Formula;

namespace MixedModels.Tests.Design;

public sealed class ReplayTests
{
    private const double NaN = double.NaN;

    private static readonly DataTable table = Tables.Of(
        Tables.Numbers("y", 1, 2, 4, 3, 7, 5, 8, 6),
        Tables.Numbers("x", 0, 1, 2, 3, 4, 5, 6, 9),
        Tables.Factor("f", ["a", "b", "a", "c", "c", "b", "a", "b"], ["a", "b", "c", "d"]),
        Tables.Factor("g", "1 1 1 1 2 2 2 2"),
        Tables.Factor("h", "u v u v u v u u"));

    [Theory]
    [InlineData("y ~ x*f + (1 | g)")]
    [InlineData("y ~ f + scale(x) + (1 | g:h)")]
    [InlineData("y ~ poly(x, 2) + I(x > 3) + (x | h)")]
    [InlineData("y ~ bs(x, df = 4) + offset(x) + (0 + f || g)")]
    [InlineData("y ~ x + I(2 * x) + ns(x, df = 2) + relevel(f, ref = \"c\") + (1 | factor(g))")]
    public void Replay_SameTable_GivesTheDesign(string formula)
    {
        var design = ModelDesign.Create(ModelFormula.Parse(formula), table);
        var replayed = design.Replay(table);
        replayed.X.ToArray().ShouldBe(design.Fixed.X.ToArray());
        replayed.Offset.ToArray().ShouldBe(design.Offset.ToArray());
        replayed.Rows.Length.ShouldBe(8);
        for (var t = 0; t < design.RandomTerms.Count; t++)
        {
            replayed.RandomTerms[t].Z.ToArray().ShouldBe(design.RandomTerms[t].Z.ToArray());
            replayed.RandomTerms[t].LevelOfRow.ToArray().ShouldBe(design.RandomTerms[t].LevelOfRow.ToArray());
        }
    }

    [Fact]
    public void Replay_NewRows_UseWhatWasLearnt()
    {
        var design = ModelDesign.Create(ModelFormula.Parse("y ~ center(x) + f"), table);

        // mean(x) = 3.75; levels in another order and a subset.
        var replayed = design.Replay(Tables.Of(Tables.Numbers("x", 10, 3.75), Tables.Factor("f", "c b")));
        Tables.Rows(replayed.X, 2).ShouldBe([[1, 6.25, 0, 1], [1, 0, 1, 0]]);
    }

    [Fact]
    public void Replay_UnknownLevelOfAFixedFactor_IsRefused()
    {
        var design = ModelDesign.Create(ModelFormula.Parse("y ~ f"), table);
        Should.Throw<DataException>(() => design.Replay(Tables.Of(Tables.Factor("f", "a z"))))
            .Message.ShouldContain("Factor 'f' has the level 'z' in row 2, which does not occur in the rows the model was made from");

        // Known to the column, but without a row in the data of the design.
        Should.Throw<DataException>(() => design.Replay(Tables.Of(Tables.Factor("f", ["d"], ["a", "b", "c", "d"])))).Message.ShouldContain("the level 'd' in row 1");
    }

    [Fact]
    public void Replay_UnknownGroup_IsMinusOne()
    {
        var design = ModelDesign.Create(ModelFormula.Parse("y ~ x + (1 | g) + (1 | g:h)"), table);
        var replayed = design.Replay(Tables.Of(Tables.Numbers("x", 1, 2, 3, 4), Tables.Factor("g", "2 3 1 2"), Tables.Factor("h", "v u u w")));
        replayed.RandomTerms[0].LevelOfRow.ToArray().ShouldBe([1, -1, 0, 1]);

        // Levels 1:u, 1:v, 2:u, 2:v.
        replayed.RandomTerms[1].LevelOfRow.ToArray().ShouldBe([3, -1, 0, -1]);
    }

    [Fact]
    public void Replay_NumbersForAFactor_MatchItsLevelsByName()
    {
        var design = ModelDesign.Create(ModelFormula.Parse("y ~ x + (1 | g)"), table);
        design.Replay(Tables.Of(Tables.Numbers("x", 1, 2), Tables.Numbers("g", 2, 1))).RandomTerms[0].LevelOfRow.ToArray().ShouldBe([1, 0]);
    }

    [Fact]
    public void Replay_FactorForNumbers_IsRefused()
    {
        var design = ModelDesign.Create(ModelFormula.Parse("y ~ x"), table);
        Should.Throw<DataException>(() => design.Replay(Tables.Of(Tables.Factor("x", "a b")))).Message.ShouldContain("Column 'x' is a factor ('a', 'b'); the model needs numbers there");
    }

    [Fact]
    public void Replay_MissingValues_AreLeftOutAndCounted()
    {
        var design = ModelDesign.Create(ModelFormula.Parse("y ~ x + (1 | g)"), table);
        var replayed = design.Replay(Tables.Of(Tables.Numbers("x", NaN, 2, 3), Tables.Factor("g", ["1", "", "2"])));
        replayed.Rows.ToArray().ShouldBe([2]);
        replayed.MissingRows.ShouldBe(2);
        replayed.X.ToArray().ShouldBe([1, 3]);
    }

    [Fact]
    public void Replay_NothingComplete_IsEmpty()
    {
        var replayed = ModelDesign.Create(ModelFormula.Parse("y ~ x*f"), table).Replay(Tables.Of(Tables.Numbers("x", NaN), Tables.Factor("f", "a")));
        (replayed.TableRows, replayed.MissingRows, replayed.X.Length).ShouldBe((1, 1, 0));
    }

    [Fact]
    public void Replay_WithoutRandomTerms_NeedsNoGroups()
    {
        var design = ModelDesign.Create(ModelFormula.Parse("y ~ x + (1 | g)"), table);
        var fresh = Tables.Of(Tables.Numbers("x", 1));
        design.Replay(fresh, includeRandomTerms: false).RandomTerms.ShouldBeEmpty();
        Should.Throw<DataException>(() => design.Replay(fresh)).Message.ShouldContain("The data have no column 'g'");
    }

    [Fact]
    public void Replay_AliasedColumns_StayOut()
    {
        var design = ModelDesign.Create(ModelFormula.Parse("y ~ x + I(3 * x) + f"), table);
        design.Replay(Tables.Of(Tables.Numbers("x", 7), Tables.Factor("f", "b"))).X.ToArray().ShouldBe([1, 7, 1, 0]);
    }
}
