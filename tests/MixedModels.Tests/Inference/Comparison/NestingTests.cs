using MixedModels.Data;
using MixedModels.Inference.Comparison;

namespace MixedModels.Tests.Inference.Comparison;

public sealed class NestingTests
{
    [Theory]
    [InlineData("(1 | Subject)", "(Days | Subject)", true, 1)]
    [InlineData("(Days || Subject)", "(Days | Subject)", true, 0)]
    [InlineData("(1 | Subject) + (0 + Days | Subject)", "(Days | Subject)", true, 0)]
    [InlineData("(0 + Days | Subject)", "(Days | Subject)", true, 1)]
    [InlineData("(I(Days - 4.5) | Subject)", "(Days | Subject)", true, 0)]
    [InlineData("(0 + I(Days - 4.5) | Subject)", "(Days || Subject)", false, 1)]
    [InlineData("(0 + I(2 * Days) | Subject)", "(Days || Subject)", true, 1)]
    [InlineData("(Days | Subject)", "(Days || Subject)", false, 0)]
    [InlineData("(I(Days^2) | Subject)", "(Days | Subject)", false, 0)]
    public void Of_RandomParts_FindsTheTermThatHoldsEach(string small, string large, bool nested, int added)
    {
        var nesting = Nesting.Of(Design(small), Design(large));
        nesting.FixedPart.ShouldBeTrue();
        nesting.RandomPart.ShouldBe(nested);
        nesting.AddedEffects.ShouldBe(added);
    }

    [Theory]
    [InlineData(null, "ar1(Days | Subject)", true)]
    [InlineData("ar1(Days | Subject)", null, false)]
    [InlineData("ar1(Days | Subject)", "toep(Days | Subject)", true)]
    [InlineData("ar1(Days | Subject)", "ar1h(Days | Subject)", true)]
    [InlineData("ar1(Days | Subject)", "us(Days | Subject)", true)]
    [InlineData("cs(Days | Subject)", "us(Days | Subject)", true)]
    [InlineData("cs(Days | Subject)", "toeph(Days | Subject)", true)]
    [InlineData("cs(Days | Subject)", "ar1(Days | Subject)", false)]
    [InlineData("toep(Days | Subject)", "ad(Days | Subject)", false)]
    [InlineData("corus(Days | Subject)", "csh(Days | Subject)", false)]
    [InlineData("ar1(Days | Subject)", "ar1(Days | Odd/Subject)", true)]
    [InlineData("ar1(Days | Odd/Subject)", "ar1(Days | Subject)", false)]
    [InlineData("ar1(Days | Subject)", "us(Days | Subject:Half)", false)]
    [InlineData("arma(Days | Subject, p = 1, q = 0)", "arma(Days | Subject, p = 1, q = 1)", true)]
    [InlineData("sp_exp(Days | Subject)", "sp_exp(Days | Subject, nugget = TRUE)", true)]
    [InlineData("sp_exp(Days | Subject, nugget = TRUE)", "sp_exp(Days | Subject)", false)]
    [InlineData("sp_exp(Days | Subject)", "sp_gau(Days | Subject)", false)]
    public void Of_ResidualStructures_FindsTheSpecialCase(string? small, string? large, bool nested)
    {
        var nesting = Nesting.Of(Residuals(small, null), Residuals(large, null));
        nesting.IsShown.ShouldBe(nested);
        nesting.ResidualPart.AddsNugget.ShouldBe(nested && large!.Contains("nugget", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "exp(Days)", true)]
    [InlineData("exp(Days)", "exp(Days) + ident(Odd)", true)]
    [InlineData("exp(Days, expon = 0.1)", "exp(Days)", true)]
    [InlineData("exp(Days)", "exp(Days, expon = 0.1)", false)]
    [InlineData("exp(Days)", "exp(Days | Odd)", true)]
    [InlineData("ident(Odd)", "exp(Days)", false)]
    public void Of_VarianceFunctions_FindsTheSpecialCase(string? small, string? large, bool nested) =>
        Nesting.Of(Residuals(null, small), Residuals(null, large)).IsShown.ShouldBe(nested);

    private static MixedModels.Design.ModelDesign Residuals(string? residual, string? variance)
    {
        var table = DataTable.Example("sleepstudy");
        var subjects = ((FactorColumn)table["Subject"]).Codes.ToArray();
        var days = ((NumericColumn)table["Days"]).Values.ToArray();
        return new LinearMixedModel("Reaction ~ Days", new()
        {
            Residual = residual is null ? null : Residual.Parse(residual),
            Variance = variance is null ? null : VarianceFunctions.Parse(variance),
        }).Prepare(table
            .WithColumn(new FactorColumn("Odd", ["no", "yes"], [.. subjects.Select(subject => subject % 2)]))
            .WithColumn(new FactorColumn("Half", ["a", "b"], [.. days.Select(day => day < 5 ? 0 : 1)])));
    }

    [Fact]
    public void Of_LevelsInAnotherOrder_SeesTheSameGroups()
    {
        var table = DataTable.Example("sleepstudy");
        var subject = (FactorColumn)table["Subject"];
        var reversed = new FactorColumn("Subject", [.. subject.Levels.Reverse()], [.. subject.Codes.ToArray().Select(code => subject.Levels.Count - 1 - code)]);
        var other = new LinearMixedModel("Reaction ~ Days + (Days | Subject)").Prepare(table.WithColumn(reversed));
        Nesting.Of(Design("(1 | Subject)"), other).IsShown.ShouldBeTrue();
    }

    [Fact]
    public void Of_OtherGroups_IsNotShown() => Nesting.Of(Pastes("(1 | batch)"), Pastes("(1 | sample)")).RandomPart.ShouldBeFalse();

    [Fact]
    public void Of_NestedFactorsAndTheirInteraction_AreTheSameGroups() =>
        Nesting.Of(Pastes("(1 | sample)"), Pastes("(1 | batch) + (1 | batch:cask)")).ShouldBe(new Nesting(FixedPart: true, RandomPart: true, AddedEffects: 1));

    [Fact]
    public void Of_FixedParts_LooksAtTheSpaceNotTheCoding()
    {
        FixedPart("Days", "I(Days - 4.5)").ShouldBeTrue();
        FixedPart("Days", "I(Days^2)").ShouldBeFalse();
        FixedPart("poly(Days, 2)", "Days + I(Days^2)").ShouldBeTrue();
        FixedPart("offset(Days)", "Days").ShouldBeTrue();
        FixedPart("offset(I(Days^2))", "Days").ShouldBeFalse();
    }

    private static bool FixedPart(string small, string large)
    {
        var table = DataTable.Example("sleepstudy");
        return Nesting.Of(
            new LinearMixedModel($"Reaction ~ {small} + (1 | Subject)").Prepare(table), new LinearMixedModel($"Reaction ~ {large} + (1 | Subject)").Prepare(table)).FixedPart;
    }

    private static MixedModels.Design.ModelDesign Design(string random) => new LinearMixedModel($"Reaction ~ Days + {random}").Prepare(DataTable.Example("sleepstudy"));

    private static MixedModels.Design.ModelDesign Pastes(string random) => new LinearMixedModel($"strength ~ 1 + {random}").Prepare(DataTable.Example("Pastes"));
}
