using MixedModels.Data;

namespace MixedModels.Tests;

public class VisitPatternTests
{
    private static readonly DataTable table = new(
    [
        new NumericColumn("y", [1, 2, 3, 2, 4, 3, double.NaN, 5, 6, 4, 7, 9]),
        new NumericColumn("week", [0, 2, 4, 0, 2, 4, 0, 2, 4, 0, 2, 4]),
        new FactorColumn("id", ["a", "b", "c", "d"], [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]),
    ]);

    [Fact]
    public void Of_AResidualStructure_SaysWhoWasSeenWhen()
    {
        var fit = new LinearMixedModel("y ~ 1", new() { Residual = "ar1(week | id)" }).Fit(table);
        var pattern = VisitPattern.Of(fit)!;
        (pattern.Subject, pattern.Visit).ShouldBe(("id", "week"));
        pattern.Visits.ShouldBe(["0", "2", "4"]);
        pattern.Subjects.ShouldBe(["a", "b", "c", "d"]);
        pattern.IsSeen(2, 0).ShouldBeFalse();
        pattern.IsSeen(2, 1).ShouldBeTrue();
        pattern.IsMonotone(2).ShouldBeFalse();
        pattern.IsMonotone(0).ShouldBeTrue();
        pattern.VisitOfRow.ToArray().ShouldBe([0, 1, 2, 0, 1, 2, 1, 2, 0, 1, 2]);
    }

    [Fact]
    public void Of_ANamedColumn_TakesTheLargestGroupAsSubjects()
    {
        var fit = new LinearMixedModel("y ~ week + (1 | id)").Fit(table);
        VisitPattern.Of(fit).ShouldBeNull();
        VisitPattern.Of(fit, "week")!.Subjects.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("y ~ week + (1 | id)", "day", "The fit has no column 'day'")]
    [InlineData("y ~ week", "week", "no subjects that visits are of")]
    public void Of_WhatHasNoVisits_IsRefused(string formula, string visit, string message) =>
        Should.Throw<InferenceException>(() => VisitPattern.Of(new LinearMixedModel(formula).Fit(table), visit)).Message.ShouldContain(message);
}
