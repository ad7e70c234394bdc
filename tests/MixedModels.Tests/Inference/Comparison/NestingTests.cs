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
