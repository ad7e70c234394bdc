using System.Text.Json;
using MixedModels.Data;
using MixedModels.Families;

namespace MixedModels.Tests.Prediction;

/// <summary>Errors of predictions and modes with all parameters uncertain, against glmmTMB's in validation/generalized/predictions.json; averages over the random effects.</summary>
public sealed class GeneralizedPredictionTests
{
    private static readonly Lazy<JsonElement> references = new(static () =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "validation", "generalized", "predictions.json"))).RootElement);

    private static readonly Lazy<GeneralizedMixedModelFit> cbpp = new(() => Fit("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial(), "cbpp"));

    public static TheoryData<string, double> Cases => new()
    {
        { "cbpp", 1e-5 },

        // A dispersion and two factors: glmmTMB's own Hessian, by one-sided differences, is good to three digits here.
        { "grouseticks", 5e-3 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Predict_AllParametersUncertain_HasTheErrorsOfGlmmTmb(string name, double tolerance)
    {
        var entry = references.Value.GetProperty(name);
        var predicted = Of(name).Predict(new PredictionOptions { Scale = PredictionScale.Link, StandardErrors = true, VarianceUncertainty = true });
        foreach (var (row, i) in new[] { (0, 0), (7, 1), (39, 2) })
        {
            predicted[row].Fit.ShouldBe(entry.GetProperty("fit")[i].GetDouble(), 1e-5);
            predicted[row].StandardError!.Value.ShouldBe(entry.GetProperty("se")[i].GetDouble(), tolerance * predicted[row].StandardError!.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ConditionalModes_AllParametersUncertain_HaveTheDeviationsOfGlmmTmb(string name, double tolerance)
    {
        var entry = references.Value.GetProperty(name);
        var modes = Of(name).ConditionalModesWithParameterUncertainty()[^1];
        var known = Of(name).ConditionalModes()[^1];
        for (var level = 0; level < 5; level++)
        {
            modes.Modes[level, 0].ShouldBe(entry.GetProperty("modes")[level].GetDouble(), 1e-5);
            modes.StandardDeviations[level, 0].ShouldBe(entry.GetProperty("sd")[level].GetDouble(), tolerance * modes.StandardDeviations[level, 0]);
            known.StandardDeviations[level, 0].ShouldBeLessThan(modes.StandardDeviations[level, 0]);
        }
    }

    [Fact]
    public void Predict_AfterAllParametersMoved_IsWhatItWas()
    {
        // Differences of the modes move the shared workspace; it has to come back.
        var fit = Fit("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial(), "cbpp");
        var before = fit.Predict(new PredictionOptions { StandardErrors = true })[3];
        fit.Predict(new PredictionOptions { StandardErrors = true, VarianceUncertainty = true });
        fit.Predict(new PredictionOptions { StandardErrors = true })[3].StandardError!.Value.ShouldBe(before.StandardError!.Value, 1e-12);
    }

    [Fact]
    public void Predict_Averaged_IsTheMarginalMeanOfTheSameRow()
    {
        var means = cbpp.Value.MarginalMeans(["period"], options: new() { Scale = MeanScale.Averaged, VarianceUncertainty = true });
        var predicted = cbpp.Value.Predict(new PredictionOptions { Target = PredictionTarget.Averaged, Interval = 0.95, VarianceUncertainty = true });
        var period = (FactorColumn)cbpp.Value.Design.Data["period"];
        foreach (var row in predicted)
        {
            var mean = means[period.Codes.Span[row.Row]];
            row.Fit.ShouldBe(mean.Estimate, 1e-13);
            row.StandardError!.Value.ShouldBe(mean.StandardError, 1e-12);
            row.Lower!.Value.ShouldBe(mean.Lower, 1e-12);
            row.Upper!.Value.ShouldBe(mean.Upper, 1e-12);
        }
    }

    [Fact]
    public void Predict_AveragedOverNewRows_NeedsNoGroups()
    {
        var table = new DataTable([new FactorColumn("period", ["1", "2", "3", "4"], [0, 3])]);
        var predicted = cbpp.Value.Predict(table, new() { Target = PredictionTarget.Averaged });
        var own = cbpp.Value.Predict(new PredictionOptions { Target = PredictionTarget.Averaged });
        predicted[0].Fit.ShouldBe(own[0].Fit);
        predicted[1].Fit.ShouldBe(own[3].Fit);
    }

    [Fact]
    public void Predict_LinearModelAveraged_IsThePopulation()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy");
        var averaged = fit.Predict(new PredictionOptions { Target = PredictionTarget.Averaged, StandardErrors = true });
        averaged.ShouldBe(fit.Predict(new PredictionOptions { Target = PredictionTarget.Population, StandardErrors = true }));
    }

    [Fact]
    public void Predict_WhatMeansNothing_IsRefusedWithTheReason()
    {
        Refused(cbpp.Value, new() { Target = PredictionTarget.Averaged, Scale = PredictionScale.Link }).ShouldContain("response's scale");
        Refused(cbpp.Value, new() { Target = PredictionTarget.Population, StandardErrors = true, VarianceUncertainty = true }).ShouldContain("does not depend");
        Refused(Fit("Reaction ~ Days + (1 | Subject)", Family.Gamma(), "sleepstudy"), new() { Target = PredictionTarget.Averaged }).ShouldContain("infinite");
        Should.Throw<ArgumentException>(() => cbpp.Value.Predict(new PredictionOptions { Target = PredictionTarget.Averaged, RandomTerms = ["herd"] }));
    }

    [Fact]
    public void Predict_InverseLinkAcrossZero_HasNoUpperEnd()
    {
        // Wide intervals of a predictor that reach 0: the mean has no bound there.
        var fit = Fit("Reaction ~ Days + (1 | Subject)", Family.Gamma(), "sleepstudy");
        var table = new DataTable([new NumericColumn("Days", [40])]);
        var row = fit.Predict(table, new() { Target = PredictionTarget.Population, Interval = 0.95 })[0];
        row.Upper!.Value.ShouldBe(double.PositiveInfinity);
    }

    private static string Refused(GeneralizedMixedModelFit fit, PredictionOptions options) => Should.Throw<InferenceException>(() => fit.Predict(options)).Message;

    private static GeneralizedMixedModelFit Of(string name) => name == "cbpp"
        ? cbpp.Value
        : Fit("TICKS ~ factor(YEAR) + HEIGHT + (1 | BROOD) + (1 | LOCATION)", Family.NegativeBinomial2(), "grouseticks");

    private static GeneralizedMixedModelFit Fit(string formula, Family family, string example) =>
        new GeneralizedMixedModel(formula, family).Fit(DataTable.Example(example), TestContext.Current.CancellationToken);
}
