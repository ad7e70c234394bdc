using MixedModels.Data;

namespace MixedModels.Tests.Inference.Comparison;

public sealed class RandomTermTestsTests
{
    public static TheoryData<string> References => [.. ReferenceTables.Ids("comparisons.json", "randomTerms")];

    [Theory]
    [MemberData(nameof(References))]
    public void Of_ReferenceFit_GivesTheTableOfRanova(string id)
    {
        var reference = ReferenceTables.Entry("comparisons.json", "randomTerms", id);
        var fit = new LinearMixedModel(reference.GetProperty("formula").GetString()!).FitTo(ReferenceTables.Data(reference));
        var tests = RandomTermTests.Of(fit);
        var rows = reference.GetProperty("rows").EnumerateArray().ToArray();
        tests.LogLikelihood.ShouldBe(rows[0].GetProperty("logLik").GetDouble(), 1e-6);
        tests.Tests.Count.ShouldBe(rows.Length - 1);
        foreach (var (test, row) in tests.Tests.Zip(rows.Skip(1)))
        {
            test.Term.ShouldBe(row.GetProperty("term").GetString());
            test.ParameterCount.ShouldBe(row.GetProperty("parameters").GetInt32());
            test.DegreesOfFreedom.ShouldBe(row.GetProperty("df").GetInt32());
            test.LogLikelihood.ShouldBe(row.GetProperty("logLik").GetDouble(), 1e-6);
            test.ChiSquare.ShouldBe(row.GetProperty("chisq").GetDouble(), 4e-6);
            test.PValue.ShouldBe(row.GetProperty("p").GetDouble(), 1e-5 * row.GetProperty("p").GetDouble());
        }
    }

    [Fact]
    public void Of_TermsBesideAResidualStructure_AreComparisonsWithTheSmallerModels()
    {
        var options = new LinearMixedModelOptions { Residual = Residual.Ar1("Days", "Subject"), Variance = VarianceFunctions.Exponential("Days") };
        var data = DataTable.Example("sleepstudy");
        var full = new LinearMixedModel("Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)", options).FitTo(data);
        var tests = RandomTermTests.Of(full).Tests;
        foreach (var (test, formula) in tests.Zip(["Reaction ~ Days + (0 + Days | Subject)", "Reaction ~ Days + (1 | Subject)"]))
        {
            var smaller = new LinearMixedModel(formula, options).FitTo(data);
            test.ParameterCount.ShouldBe(smaller.ParameterCount);
            test.DegreesOfFreedom.ShouldBe(1);
            test.LogLikelihood.ShouldBe(smaller.LogLikelihood, 1e-6);
        }
    }

    [Theory]
    [InlineData("sleepstudy", "Reaction ~ Days + (Days + I(Days^2) | Subject)", "Days in (Days + I(Days^2) | Subject):(I(Days^2) | Subject)", "I(Days^2) in (Days + I(Days^2) | Subject):(Days | Subject)")]
    [InlineData("sleepstudy", "Reaction ~ Days + (Days || Subject)", "(Intercept) in (Days || Subject):(0 + Days | Subject)", "Days in (Days || Subject):(1 | Subject)")]
    [InlineData("sleepstudy", "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)", "(1 | Subject):(0 + Days | Subject)", "(0 + Days | Subject):(1 | Subject)")]
    [InlineData("Machines", "score ~ Machine + (0 + Machine | Worker)", "Machine in (0 + Machine | Worker):(1 | Worker)")]
    [InlineData("Machines", "score ~ Machine + (Machine | Worker)", "Machine in (Machine | Worker):(1 | Worker)")]
    public void Of_ATerm_LeavesOutItsEffectsOneByOne(string example, string formula, params string[] expected)
    {
        var fit = FittedExamples.Of(formula, example);
        var tests = RandomTermTests.Of(fit).Tests;
        tests.Count.ShouldBe(expected.Length);
        foreach (var (test, pair) in tests.Zip(expected))
        {
            var split = pair.LastIndexOf(":(", StringComparison.Ordinal);
            test.Term.ShouldBe(pair[..split]);
            var fixedPart = formula[..formula.IndexOf('(', StringComparison.Ordinal)];
            var reduced = FittedExamples.Of(fixedPart + pair[(split + 1)..], example);
            test.LogLikelihood.ShouldBe(reduced.LogLikelihood, 1e-7);
            test.ParameterCount.ShouldBe(reduced.ParameterCount);
        }
    }

    [Fact]
    public void Of_TheOnlyTerm_ComparesWithTheLinearModel()
    {
        var fit = FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff");
        var test = RandomTermTests.Of(fit).Tests.Single();
        var linear = FittedExamples.Of("Yield ~ 1", "Dyestuff");
        test.LogLikelihood.ShouldBe(linear.LogLikelihood, 1e-9);

        // One variance alone: half of the chi-square's tail.
        test.MixturePValue!.Value.ShouldBe(test.PValue / 2, 1e-15);
    }

    [Fact]
    public void Of_AVarianceOfZero_HasTheLargestPValue()
    {
        var test = RandomTermTests.Of(FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff2")).Tests.Single();
        test.ChiSquare.ShouldBe(0, 1e-9);
        test.PValue.ShouldBe(1, 1e-4, "a chi-square of rounding size");
    }

    [Fact]
    public void Of_AModelWithoutRandomTerms_IsRefused() =>
        Should.Throw<InferenceException>(() => RandomTermTests.Of(new LinearMixedModel("Reaction ~ Days").FitTo(DataTable.Example("sleepstudy"))))
            .Message.ShouldContain("no random term");
}
