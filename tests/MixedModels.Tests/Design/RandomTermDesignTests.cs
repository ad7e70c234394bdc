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
    [InlineData("y ~ ar1(0 + t | g)", "The structure 'ar1' at column 5: it is not available in this version; use us, written (x | g), or diag, written (x || g)")]
    [InlineData("y ~ diag(x | g, hom = TRUE)", "The structure 'homdiag'")]
    [InlineData("y ~ rr(0 + t | g, d = 2)", "The structure 'rr'")]
    [InlineData("y ~ us(x | g, d = 2)", "An argument of us()")]
    [InlineData("y ~ (1 | mm(g, h))", "mm() as a group")]
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

    private static RandomTermDesign Term(string formula) => ModelDesign.Create(ModelFormula.Parse(formula), table).RandomTerms.ShouldHaveSingleItem();
}
