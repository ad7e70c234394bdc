namespace MixedModels.Tests;

public class EffectCurvesTests
{
    [Fact]
    public void EffectOf_OneCovariate_IsThePredictionForThePopulation()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy");
        var points = fit.EffectOf("Days", points: 10);
        var predicted = fit.Predict(new PredictionOptions { Target = PredictionTarget.Population, Interval = 0.95 });
        for (var k = 0; k < 10; k++)
        {
            points[k].Value.ShouldBe(k, 1e-12);
            points[k].Estimate.ShouldBe(predicted[k].Fit, 1e-9);
            points[k].Lower.ShouldBe(predicted[k].Lower!.Value, 1e-7);
            points[k].Upper.ShouldBe(predicted[k].Upper!.Value, 1e-7);
        }
    }

    [Fact]
    public void EffectOf_ByAFactor_IsItsMarginalMeansThere()
    {
        var fit = FittedExamples.Of("angle ~ recipe * temp + (1 | recipe:replicate)", "cake");
        var points = fit.EffectOf("temp", "recipe", points: 3).Where(point => Math.Abs(point.Value - 200) < 1e-9).ToArray();
        var options = new MarginalMeansOptions { At = new Dictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal) { ["temp"] = [200] } };
        var means = fit.MarginalMeans("recipe", options: options);
        points.Length.ShouldBe(3);
        for (var k = 0; k < 3; k++)
        {
            points[k].Level.ShouldBe(means[k].Levels["recipe"]);
            points[k].Estimate.ShouldBe(means[k].Estimate, 1e-9);
            points[k].StandardError.ShouldBe(means[k].StandardError, 1e-9);
            points[k].Upper.ShouldBe(means[k].Upper, 1e-7);
        }

        fit.EffectOf("temp", points: 3)[1].Estimate.ShouldBe(means.Average(mean => mean.Estimate), 1e-9);
    }

    [Fact]
    public void EffectOf_ATransformedCovariate_GoesThroughTheTransform()
    {
        var fit = FittedExamples.Of("Reaction ~ log(Days + 1) + (1 | Subject)", "sleepstudy");
        var points = fit.EffectOf("Days", points: 2);
        (points[1].Estimate - points[0].Estimate).ShouldBe(fit.Coefficients()[1].Estimate * Math.Log(10), 1e-9);
    }

    [Theory]
    [InlineData("Hours", null, "'Hours' is no covariate of the fixed part; it has Days.")]
    [InlineData("Days", "Subject", "'Subject' is no factor of the fixed part; it has none.")]
    public void EffectOf_WhatIsNotInTheFixedPart_IsRefused(string covariate, string? by, string message) =>
        Should.Throw<InferenceException>(() => FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy").EffectOf(covariate, by)).Message.ShouldBe(message);
}
