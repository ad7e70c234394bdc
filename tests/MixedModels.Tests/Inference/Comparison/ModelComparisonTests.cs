using MixedModels.Data;

namespace MixedModels.Tests.Inference.Comparison;

public sealed class ModelComparisonTests
{
    private static readonly LinearMixedModelOptions ml = new() { Criterion = EstimationCriterion.MaximumLikelihood };

    public static TheoryData<string> References => [.. ReferenceTables.Ids("comparisons.json", "comparisons")];

    [Theory]
    [MemberData(nameof(References))]
    public void Of_ReferenceModels_GivesTheTableOfLme4(string id)
    {
        var reference = ReferenceTables.Entry("comparisons.json", "comparisons", id);
        var data = ReferenceTables.Data(reference);
        var options = reference.GetProperty("criterion").GetString() == "ML" ? ml : new LinearMixedModelOptions();
        var fits = reference.GetProperty("formulas").EnumerateArray().Reverse().Select(formula => new LinearMixedModel(formula.GetString()!, options).FitTo(data));
        var models = ModelComparison.Of([.. fits], reference.GetProperty("refit").GetBoolean(), TestContext.Current.CancellationToken).Models;
        var rows = reference.GetProperty("rows").EnumerateArray().ToArray();
        models.Count.ShouldBe(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            models[i].ParameterCount.ShouldBe(rows[i].GetProperty("parameters").GetInt32());
            models[i].LogLikelihood.ShouldBe(rows[i].GetProperty("logLik").GetDouble(), 1e-6);
            models[i].Aic.ShouldBe(rows[i].GetProperty("aic").GetDouble(), 2e-6);
            models[i].Bic.ShouldBe(rows[i].GetProperty("bic").GetDouble(), 2e-6);
            models[i].DegreesOfFreedom.ShouldBe((int?)ReferenceTables.Optional(rows[i], "df"));
            if (i == 0) continue;
            models[i].ChiSquare!.Value.ShouldBe(rows[i].GetProperty("chisq").GetDouble(), 4e-6);
            models[i].PValue!.Value.ShouldBe(rows[i].GetProperty("p").GetDouble(), 1e-5 * rows[i].GetProperty("p").GetDouble());
        }
    }

    [Fact]
    public void Of_ResidualStructures_TestsTheSpecialCaseAndNamesBoth()
    {
        var data = DataTable.Example("sleepstudy");
        var small = new LinearMixedModel("Reaction ~ Days", new() { Residual = "ar1(Days | Subject)" }).FitTo(data);
        var large = new LinearMixedModel("Reaction ~ Days", new() { Residual = "toep(Days | Subject)" }).FitTo(data);
        var comparison = ModelComparison.Of([large, small]);
        comparison.Models[0].Formula.ShouldBe("Reaction ~ Days; residuals ar1(Days | Subject)");
        comparison.Models[1].DegreesOfFreedom.ShouldBe(8);
        comparison.Models[1].ChiSquare!.Value.ShouldBe(small.Deviance - large.Deviance, 1e-9);
        comparison.Findings.ShouldBeEmpty();
        var nugget = new LinearMixedModel("Reaction ~ Days", new() { Residual = "sp_exp(Days | Subject, nugget = TRUE)" }).FitTo(data);
        var without = new LinearMixedModel("Reaction ~ Days", new() { Residual = "sp_exp(Days | Subject)" }).FitTo(data);
        var boundary = ModelComparison.Of([without, nugget]);
        boundary.Models[1].MixturePValue!.Value.ShouldBe(0.5 * boundary.Models[1].PValue!.Value, 1e-12);
        boundary.Findings.ShouldContain(finding => finding.Rule == "boundary");
    }

    [Fact]
    public void Of_TwoModels_IsTwiceTheDifferenceOfTheLikelihoods()
    {
        var small = Fit("Reaction ~ 1 + (1 | Subject)", ml);
        var large = Fit("Reaction ~ Days + (1 | Subject)", ml);
        var comparison = ModelComparison.Of([small, large]);
        var row = comparison.Models[1];
        row.ChiSquare!.Value.ShouldBe(2 * (large.LogLikelihood - small.LogLikelihood), 1e-10);
        row.DegreesOfFreedom.ShouldBe(1);
        row.MixturePValue.ShouldBeNull("a fixed effect has no boundary");
        comparison.Findings.ShouldBeEmpty();

        // k = 4 parameters and n = 180 rows: 2·4·5/175.
        row.CorrectedAic.ShouldBe(row.Aic + (40.0 / 175), 1e-10);
        row.Aic.ShouldBe((-2 * large.LogLikelihood) + 8, 1e-10);
        row.Bic.ShouldBe((-2 * large.LogLikelihood) + (4 * Math.Log(180)), 1e-10);
    }

    [Fact]
    public void Of_OneEffectMore_MixesTwoChiSquares()
    {
        var comparison = ModelComparison.Of([Fit("Reaction ~ Days + (1 | Subject)"), Fit("Reaction ~ Days + (Days | Subject)")]);
        var row = comparison.Models[1];

        // χ²₂ has the tail e^(−x/2); χ²₁ that of a squared normal, below it here.
        var tail = Math.Exp(-row.ChiSquare!.Value / 2);
        row.PValue!.Value.ShouldBe(tail, 1e-12 * tail);
        row.MixturePValue!.Value.ShouldBeInRange(0.5 * tail, 0.6 * tail);
        comparison.Findings.Single().Rule.ShouldBe("boundary");
    }

    [Fact]
    public void Of_TwoEffectsMore_SaysThatThePValueIsTooLarge()
    {
        var comparison = ModelComparison.Of([Fit("Reaction ~ Days", ml), Fit("Reaction ~ Days + (Days | Subject)", ml)]);
        comparison.Models[1].MixturePValue.ShouldBeNull();
        comparison.Findings.Single().What.ShouldContain("2 random effects more");
    }

    [Fact]
    public void Of_CovarianceAlone_IsNotOnTheBoundary()
    {
        var comparison = ModelComparison.Of([Fit("Reaction ~ Days + (Days || Subject)"), Fit("Reaction ~ Days + (Days | Subject)")]);
        comparison.Models[1].DegreesOfFreedom.ShouldBe(1);
        comparison.Models[1].MixturePValue.ShouldBeNull();
        comparison.Findings.ShouldBeEmpty();
    }

    [Fact]
    public void Of_RemlWithDifferentFixedParts_IsRefusedAndRefittedWhenAsked()
    {
        LinearMixedModelFit[] fits = [Fit("Reaction ~ 1 + (1 | Subject)"), Fit("Reaction ~ Days + (1 | Subject)")];
        var refused = Should.Throw<InferenceException>(() => ModelComparison.Of(fits));
        refused.Message.ShouldContain("REML");
        refused.Message.ShouldContain("--refit");

        var refitted = ModelComparison.Of(fits, refit: true);
        refitted.Criterion.ShouldBe(EstimationCriterion.MaximumLikelihood);
        refitted.Models[1].LogLikelihood.ShouldBe(Fit("Reaction ~ Days + (1 | Subject)", ml).LogLikelihood, 1e-8);
        refitted.Findings.Single().Rule.ShouldBe("refitted");
    }

    [Fact]
    public void Of_TheSameMeanCodedDifferently_IsRefusedUnderReml()
    {
        var data = DataTable.Example("Machines");
        var sum = new LinearMixedModelOptions { Contrasts = new Dictionary<string, MixedModels.Design.ContrastCoding>(StringComparer.Ordinal) { ["Machine"] = MixedModels.Design.ContrastCoding.Sum } };
        LinearMixedModelFit[] fits = [new LinearMixedModel("score ~ Machine + (1 | Worker)").FitTo(data), new LinearMixedModel("score ~ Machine + (Machine | Worker)", sum).FitTo(data)];
        Should.Throw<InferenceException>(() => ModelComparison.Of(fits)).Message.ShouldContain("coded differently");
        ModelComparison.Of(fits, refit: true).Models[1].PValue.ShouldNotBeNull();
    }

    [Fact]
    public void Of_MixedCriteria_IsRefused() =>
        Should.Throw<InferenceException>(() => ModelComparison.Of([Fit("Reaction ~ Days + (1 | Subject)"), Fit("Reaction ~ Days + (Days | Subject)", ml)]))
            .Message.ShouldContain("maximum likelihood");

    [Fact]
    public void Of_DifferentResponses_NamesThem()
    {
        var failure = Should.Throw<InferenceException>(() => ModelComparison.Of([Fit("Reaction ~ Days + (1 | Subject)"), Fit("log(Reaction) ~ Days + (Days | Subject)")]));
        failure.Message.ShouldContain("'Reaction'");
        failure.Message.ShouldContain("'log(Reaction)'");
    }

    [Fact]
    public void Of_DifferentRows_NamesThem()
    {
        var table = DataTable.Example("sleepstudy");
        var days = ((NumericColumn)table["Days"]).Values.ToArray();
        days[6] = double.NaN;
        var gaps = table.WithColumn(new NumericColumn("Days", days));
        LinearMixedModelFit[] fits = [new LinearMixedModel("Reaction ~ 1 + (1 | Subject)", ml).FitTo(gaps), new LinearMixedModel("Reaction ~ Days + (1 | Subject)", ml).FitTo(gaps)];
        Should.Throw<InferenceException>(() => ModelComparison.Of(fits)).Message
            .ShouldContain("Model 1 uses 180 rows, model 2 179, so their likelihoods cannot be compared. Only model 1 uses row 7.");
    }

    [Fact]
    public void Of_ChangedValues_NamesTheFirst()
    {
        var table = DataTable.Example("sleepstudy");
        var reaction = ((NumericColumn)table["Reaction"]).Values.ToArray();
        reaction[2] += 1;
        var other = new LinearMixedModel("Reaction ~ Days + (Days | Subject)").FitTo(table.WithColumn(new NumericColumn("Reaction", reaction)));
        Should.Throw<InferenceException>(() => ModelComparison.Of([Fit("Reaction ~ Days + (1 | Subject)"), other])).Message.ShouldContain("row 3");
    }

    [Fact]
    public void Of_NotNestedMeans_GivesNoTest()
    {
        var comparison = ModelComparison.Of([Fit("Reaction ~ Days + (1 | Subject)", ml), Fit("Reaction ~ I(Days^2) + I(Days^3) + (1 | Subject)", ml)]);
        comparison.Models[1].ChiSquare.ShouldBeNull();
        comparison.Findings.Single().Rule.ShouldBe("not-nested");
    }

    [Fact]
    public void Of_RandomPartsNotShownNested_SaysSo()
    {
        var data = DataTable.Example("Pastes");
        LinearMixedModelFit[] fits = [new LinearMixedModel("strength ~ 1 + (1 | sample)").FitTo(data), new LinearMixedModel("strength ~ 1 + (1 | batch) + (1 | cask)").FitTo(data)];
        var comparison = ModelComparison.Of(fits);
        comparison.Findings.Count(finding => finding.Rule == "not-shown-nested").ShouldBe(1);
        comparison.Models[1].MixturePValue.ShouldBeNull();
    }

    [Fact]
    public void Of_OneFit_IsAWrongCall() => Should.Throw<ArgumentException>(() => ModelComparison.Of([Fit("Reaction ~ Days + (1 | Subject)")]));

    private static LinearMixedModelFit Fit(string formula, LinearMixedModelOptions? options = null) =>
        new LinearMixedModel(formula, options).FitTo(DataTable.Example("sleepstudy"));
}
