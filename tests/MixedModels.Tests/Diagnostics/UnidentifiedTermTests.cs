using MixedModels.Data;
using MixedModels.Diagnostics;
using MixedModels.Estimation.Linear;

namespace MixedModels.Tests.Diagnostics;

public sealed class UnidentifiedTermTests
{
    private static readonly DataTable table = DataTable.Example("sleepstudy")
        .WithColumn(new FactorColumn("Person", [.. Enumerable.Range(0, 18).Select(i => $"p{i}")], [.. Enumerable.Range(0, 180).Select(r => 17 - (r / 10))]))
        .WithColumn(new FactorColumn("Half", ["a", "b"], [.. Enumerable.Range(0, 180).Select(r => r % 2)]))
        .WithColumn(new NumericColumn("zero", new double[180]));

    [Theory]
    [InlineData("(1 | Subject) + (1 | Subject)", 0, "because the model holds (1 | Subject) twice.")]
    [InlineData("(1 | Subject) + (1 | Half) + (1 | Subject) + (1 | Subject)", 2, "because the model holds (1 | Subject) 3 times.")]
    [InlineData("(1 | Subject) + (1 | Half) + (1 | Person)", 2, "because (1 | Subject) and (1 | Person) group the rows in the same way and hold the same effect: (Intercept).")]
    [InlineData("(Days | Subject) + (0 + I(3 * Days) | Person)", 1, "because (Days | Subject) and (0 + I(3 * Days) | Person) group the rows in the same way and hold the same effect: I(3 * Days).")]
    [InlineData("(Days || Subject) + (Days | Subject)", 0, "because (Days || Subject) and (Days | Subject) group the rows in the same way and hold the same effects: (Intercept) and Days.")]
    [InlineData("(1 | Half) + (Days + I(2 * Days) || Subject)", 1, "because I(2 * Days) in (Days + I(2 * Days) || Subject) is a multiple of Days.")]
    [InlineData("(Days + I(Days - 1) | Subject)", 0, "because I(Days - 1) in (Days + I(Days - 1) | Subject) is a combination of the effects before it.")]
    [InlineData("(Days + zero | Subject)", 0, "because zero in (Days + zero | Subject) is 0 in every row used.")]
    [InlineData("Subject + (Days | Person)", 0, "because the fixed effects already explain all that (Intercept) of (Days | Person) could.")]
    [InlineData("Days:Subject + (0 + Days || Subject)", 0, "because the fixed effects already explain all that Days of (0 + Days || Subject) could.")]
    [InlineData("(1 | Subject) + (1 | Half)", 1, "in a direction of the covariance of (1 | Half).")]
    public void Describe_FlatTerm_NamesWhatTheDataCannotTellApart(string terms, int term, string reason)
    {
        var design = new LinearMixedModel("Reaction ~ Days + " + terms).Prepare(table);
        var finding = UnidentifiedTerm.Describe(design, new StandardizedData(LinearData.From(design)), term);
        finding.What.ShouldBe("The likelihood is flat " + reason);
        (finding.Rule, finding.Severity).ShouldBe(("not-identified", FindingSeverity.Warning));
        finding.Why.ShouldNotBeEmpty();
        finding.Try.ShouldNotBeEmpty();
    }

    /// <summary>Another grouping, of as many levels, and the same grouping without a shared effect are no repetition.</summary>
    [Theory]
    [InlineData("(1 | Subject) + (0 + Days | Subject)")]
    [InlineData("(1 | Subject) + (1 | Other)")]
    public void Describe_TermsThatDiffer_FindsNoRepetition(string terms)
    {
        var other = new FactorColumn("Other", [.. Enumerable.Range(0, 18).Select(i => $"o{i}")], [.. Enumerable.Range(0, 180).Select(r => r % 18)]);
        var design = new LinearMixedModel("Reaction ~ Days + " + terms).Prepare(table.WithColumn(other));
        UnidentifiedTerm.Describe(design, new StandardizedData(LinearData.From(design)), 0).What.ShouldStartWith("The likelihood is flat in a direction");
    }

    [Fact]
    public void Fit_RepeatedEffect_NamesBothTermsByTheOptimumsOwnParameter()
    {
        var fit = new LinearMixedModel("Reaction ~ Days + (Days || Subject) + (1 | Person)").Fit(table);
        fit.Convergence.Verdict.ShouldBe(ConvergenceVerdict.NotIdentified);
        fit.Findings.ShouldHaveSingleItem().What.ShouldContain("(Days || Subject) and (1 | Person)");
    }
}
