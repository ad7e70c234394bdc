using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Formula;

namespace MixedModels.Tests.Design;

public sealed class RandomTermDesignTests
{
    private static readonly DataTable table = Tables.Of(
        Tables.Numbers("y", 1, 2, 4, 3, 7, 5, 8, 6, 9, 11, 10, 12),
        Tables.Numbers("x", 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2),
        Tables.Factor("g", ["b", "b", "b", "a", "a", "a", "b", "b", "b", "a", "a", "a"], ["a", "b", "unused"]),
        Tables.Factor("h", "u u u u u u v v v v v v"),
        Tables.Numbers("site", 10, 10, 10, 9, 9, 9, 10, 10, 10, 9.5, 9.5, 9.5),
        Tables.Factor("t", "r s t r s t r s t r s t"));

    [Fact]
    public void Create_InterceptAndSlope_HasOnesAndTheCovariate()
    {
        var term = Term("y ~ x + (x | g)");
        term.Group.ShouldBe("g");
        term.Structure.ShouldBe("us");
        term.ColumnNames.ShouldBe(["(Intercept)", "x"]);
        term.Levels.ShouldBe(["a", "b"]);
        term.LevelOfRow.ToArray().ShouldBe([1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0]);
        term.Z.ToArray().ShouldBe([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
    }

    [Theory]
    [InlineData("y ~ x + (x | g)", true)]
    [InlineData("y ~ x * site + (x | g)", true)]
    [InlineData("y ~ 0 + x + (0 + x | g)", true)]
    [InlineData("y ~ x + (1 | g)", true)]
    [InlineData("y ~ x + (0 + x | g)", false)]
    [InlineData("y ~ site + (x | g)", false)]
    [InlineData("y ~ t + (t | g)", false)]
    [InlineData("y ~ 1 + (x | g)", false)]
    public void Z_WhereXBeginsWithItsColumns_IsThatPartOfX(string formula, bool isShared)
    {
        var design = ModelDesign.Create(ModelFormula.Parse(formula), table);
        var (Z, X) = (design.RandomTerms[0].Z, design.Fixed.X);
        (Z.Length <= X.Length && Z.Span == X.Span[..Z.Length]).ShouldBe(isShared);
    }

    [Theory]
    [InlineData("y ~ (0 + x | g)", "us", "x")]
    [InlineData("y ~ (x || g)", "diag", "(Intercept) x")]
    [InlineData("y ~ diag(x | g)", "diag", "(Intercept) x")]
    [InlineData("y ~ diag(x | g, hom = FALSE)", "diag", "(Intercept) x")]
    [InlineData("y ~ diag(x | g, hom = TRUE)", "homdiag", "(Intercept) x")]
    [InlineData("y ~ homdiag(x | g, hom = FALSE)", "diag", "(Intercept) x")]
    [InlineData("y ~ cs(0 + t | g)", "cs", "tr ts tt")]
    [InlineData("y ~ cs(0 + t | g, hom = TRUE)", "homcs", "tr ts tt")]
    [InlineData("y ~ ar1(0 + t | g)", "ar1", "tr ts tt")]
    [InlineData("y ~ ar1(0 + t | g, hom = FALSE)", "hetar1", "tr ts tt")]
    [InlineData("y ~ toep(0 + t | g, hom = TRUE)", "homtoep", "tr ts tt")]
    [InlineData("y ~ rr(0 + t | g, 1)", "rr", "tr ts tt")]
    [InlineData("y ~ ou(0 + x | g)", "ou", "x(0) x(1) x(2)")]
    [InlineData("y ~ ou(0 + factor(x) | g)", "ou", "factor(x)0 factor(x)1 factor(x)2")]
    [InlineData("y ~ exp(0 + site + x | g)", "exp", "site:x(9,0) site:x(9,1) site:x(9,2) site:x(9.5,0) site:x(9.5,1) site:x(9.5,2) site:x(10,0) site:x(10,1) site:x(10,2)")]
    [InlineData("y ~ us(x | g)", "us", "(Intercept) x")]
    [InlineData("y ~ (0 + t | g)", "us", "tr ts tt")]
    [InlineData("y ~ (0 + t || g)", "diag", "tr ts tt")]
    [InlineData("y ~ (t | g)", "us", "(Intercept) ts tt")]
    [InlineData("y ~ (x:t - 1 | g)", "us", "x:tr x:ts x:tt")]
    [InlineData("y ~ (poly(x, 2) | g)", "us", "(Intercept) poly(x, 2)1 poly(x, 2)2")]
    public void Create_LeftSide_FollowsTheRulesOfFixedTerms(string formula, string structure, string columns)
    {
        var term = Term(formula);
        term.Structure.ShouldBe(structure);
        string.Join(' ', term.ColumnNames).ShouldBe(columns);
    }

    [Fact]
    public void Create_Interaction_HasTheCombinationsThatOccur()
    {
        var small = Tables.Of(
            Tables.Numbers("y", 1, 2, 3, 4, 5, 6), Tables.Factor("g", ["b", "b", "a", "a", "b", "a"], ["a", "b", "c"]), Tables.Factor("h", "v u u u v u"));
        var term = ModelDesign.Create(ModelFormula.Parse("y ~ (1 | g:h)"), small).RandomTerms[0];
        term.Group.ShouldBe("g:h");

        // h has the order v, u; a:v does not occur.
        term.Levels.ShouldBe(["a:u", "b:v", "b:u"]);
        term.LevelOfRow.ToArray().ShouldBe([1, 2, 0, 0, 1, 0]);
    }

    [Fact]
    public void Create_NestedGroup_IsOuterAndInteraction()
    {
        var terms = ModelDesign.Create(ModelFormula.Parse("y ~ x + (1 | g/h)"), table).RandomTerms;
        terms.Select(term => term.Group).ShouldBe(["g", "g:h"]);
        terms[1].Levels.ShouldBe(["a:u", "a:v", "b:u", "b:v"]);
        terms[1].LevelOfRow.ToArray().ShouldBe([2, 2, 2, 0, 0, 0, 3, 3, 3, 1, 1, 1]);
    }

    [Fact]
    public void Create_NumericGroup_HasItsValuesInNumericOrder()
    {
        var term = Term("y ~ (1 | site)");
        term.Levels.ShouldBe(["9", "9.5", "10"]);
        term.LevelOfRow.ToArray().ShouldBe([2, 2, 2, 0, 0, 0, 2, 2, 2, 1, 1, 1]);
        Term("y ~ (1 | factor(site))").Levels.ShouldBe(["9", "9.5", "10"]);
    }

    [Fact]
    public void Create_SameGroupTwice_IsTwoTerms() =>
        ModelDesign.Create(ModelFormula.Parse("y ~ (1 | g) + (0 + x | g)"), table).RandomTerms.Select(term => string.Join(' ', term.ColumnNames)).ShouldBe(["(Intercept)", "x"]);

    [Fact]
    public void Create_MissingGroup_DropsTheRowAndItsLevel()
    {
        var small = Tables.Of(Tables.Numbers("y", 1, 2, double.NaN, 4, 5, 6), Tables.Factor("g", ["a", "a", "c", "b", "", "b"]));
        var design = ModelDesign.Create(ModelFormula.Parse("y ~ (1 | g)"), small);
        design.Rows.ToArray().ShouldBe([0, 1, 3, 5]);
        design.DroppedRows.ShouldBe(2);
        design.RandomTerms[0].Levels.ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("y ~ ar1(0 + x | g)", "The number 'x' in ar1(0 + x | g) at column 5: ar1 needs the levels of a factor: write ar1(0 + factor(x) | g)")]
    [InlineData("y ~ toep(t | g)", "An intercept in toep(t | g) at column 5: wanted one factor, as in toep(0 + time | g); the 0 takes the intercept out")]
    [InlineData("y ~ homtoep(0 + t:h | g)", "An interaction in")]
    [InlineData("y ~ hetar1(0 + t + h | g)", "2 variables in")]
    [InlineData("y ~ exp(0 + t + x | g)", "2 variables in")]
    [InlineData("y ~ exp(x | g)", "An intercept in")]
    [InlineData("y ~ cs(0 + t | g, d = 2)", "An argument of cs()")]
    [InlineData("y ~ exp(0 + x | g, hom = TRUE)", "An argument of exp()")]
    [InlineData("y ~ rr(0 + t | g, d = 0)", "0 latent variables in rr()")]
    [InlineData("y ~ rr(0 + t | g, d = 1.5)", "1.5 latent variables in rr()")]
    [InlineData("y ~ us(x | g, d = 2)", "An argument of us()")]
    [InlineData("y ~ (1 | mm(g, h, scale = FALSE))", "The argument scale of mm()")]
    [InlineData("y ~ (1 | gr(g, cov = K))", "gr() as a group")]
    [InlineData("y ~ (z | g)", "Unknown column 'z' at column 6")]
    [InlineData("y ~ (1 | group)", "Unknown column 'group' at column 10")]
    public void Create_WhatIsNotThere_IsAFormulaError(string formula, string message)
    {
        var error = Should.Throw<FormulaException>(() => Term(formula));
        error.Message.ShouldContain(message);
        error.Position.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Create_GroupOfOneLevel_IsRefused()
    {
        var small = Tables.Of(Tables.Numbers("y", 1, 2, double.NaN), Tables.Factor("g", "a a b"));
        Should.Throw<DataException>(() => ModelDesign.Create(ModelFormula.Parse("y ~ (1 | g)"), small))
            .Message.ShouldBe("Group 'g' of (1 | g) has 1 level in the 2 rows used; a variance between levels needs 2. Remove the term.");
    }

    [Theory]
    [InlineData("y ~ (1 | g)", "has 4 levels for 4 rows, so its effects and the residual cannot be told apart")]
    [InlineData("y ~ (x | h)", "has 4 effects (2 levels × 2) for 4 rows")]
    [InlineData("y ~ (x || h)", "has 4 effects (2 levels × 2) for 4 rows")]
    public void Create_AsManyEffectsAsRows_IsRefusedBesideAFreeResidual(string formula, string message)
    {
        var small = Tables.Of(Tables.Numbers("y", 1, 2, 4, 3), Tables.Numbers("x", 1, 2, 4, 8), Tables.Factor("g", "a b c d"), Tables.Factor("h", "a a b b"));
        Should.Throw<DataException>(() => ModelDesign.Create(ModelFormula.Parse(formula), small)).Message.ShouldContain(message);
        ModelDesign.Create(ModelFormula.Parse(formula), small, new() { HasFreeResidual = false }).RandomTerms.Count.ShouldBe(1);
    }

    [Fact]
    public void Create_LevelsOfWordsForOu_AreRefused() =>
        Should.Throw<DataException>(() => Term("y ~ ou(0 + t | g)")).Message.ShouldContain("The level 'r' of 't' in ou(0 + t | g) is no number");

    [Fact]
    public void Create_Positions_AreAscendingAndHaveTheirRows()
    {
        var term = Term("y ~ gau(0 + x | g)");
        term.Positions.ToArray().ShouldBe([0, 1, 2]);
        term.Z.ToArray()[..12].ShouldBe([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0]);
        Term("y ~ exp(0 + site + x | g)").Positions.ToArray()[..9].ShouldBe([9, 9, 9, 9.5, 9.5, 9.5, 10, 10, 10]);
    }

    [Fact]
    public void Replay_PositionThatWasNotThere_IsRefused()
    {
        var design = ModelDesign.Create(ModelFormula.Parse("y ~ gau(0 + x | g)"), table);
        var other = Tables.Of(Tables.Numbers("x", 2, 1.5), Tables.Factor("g", "a b"));
        Should.Throw<DataException>(() => design.Replay(other)).Message.ShouldContain("Row 2 is at x = 1.5, which is not among the 3 positions");
        design.Replay(other, includeRandomTerms: false).Rows.Length.ShouldBe(2);
    }

    /// <summary>One group tells a variance that its effects share, and no other.</summary>
    [Fact]
    public void Create_OneLevel_SufficesWhereEffectsShareAVariance()
    {
        var small = Tables.Of(Tables.Numbers("y", 1, 2, 4, 3, 5), Tables.Numbers("x", 1, 2, 4, 8, 8), Tables.Factor("g", "a a a a a"), Tables.Factor("t", "r s t r s"));
        ModelDesign.Create(ModelFormula.Parse("y ~ exp(0 + x | g)"), small).RandomTerms[0].ColumnNames.Count.ShouldBe(4);
        ModelDesign.Create(ModelFormula.Parse("y ~ ar1(0 + t | g)"), small).RandomTerms[0].Levels.Count.ShouldBe(1);
        Should.Throw<DataException>(() => ModelDesign.Create(ModelFormula.Parse("y ~ hetar1(0 + t | g)"), small)).Message.ShouldContain("has 1 level");
    }

    private static RandomTermDesign Term(string formula) => ModelDesign.Create(ModelFormula.Parse(formula), table).RandomTerms.ShouldHaveSingleItem();
}
