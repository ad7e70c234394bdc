using MixedModels.Data;

namespace MixedModels.Tests.Prediction;

/// <summary>The uncertainty of the covariances in standard errors of conditional predictions.</summary>
public sealed class PredictionThetaTests
{
    private static readonly PredictionOptions plain = new() { StandardErrors = true };
    private static readonly PredictionOptions full = new() { StandardErrors = true, VarianceUncertainty = true };

    [Theory]
    [InlineData("Yield ~ 1 + (1 | Batch)", "Dyestuff", new[] { 0, 5, 10, 15, 20, 25 }, new[] { 20.3217999, 20.0351878, 20.7811771, 20.5255044, 22.8376263, 21.8399075 })]
    [InlineData("Reaction ~ Days + (Days | Subject)", "sleepstudy", new[] { 0, 1, 9, 54, 99, 179 }, new[] { 13.0676414, 11.1646259, 14.3104057, 7.73499441, 14.1907775, 13.883988 })]
    [InlineData("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin", new[] { 0, 1, 9, 54, 99, 143 }, new[] { 0.240968981, 0.240887715, 0.240890318, 0.240824071, 0.240285651, 0.241941165 })]
    public void StandardError_WithTheCovariances_IsThatOfGlmmTmb(string formula, string example, int[] rows, double[] expected)
    {
        // glmmTMB 1.1.5, REML = TRUE, predict(se.fit = TRUE); its optimum and its differences of the likelihood are good to about four digits of what is added.
        var fit = FittedExamples.Of(formula, example);
        var (with, without) = (fit.Predict(full), fit.Predict(plain));
        for (var k = 0; k < rows.Length; k++)
        {
            var (own, bare) = (with[rows[k]].StandardError!.Value, without[rows[k]].StandardError!.Value);
            own.ShouldBeGreaterThan(bare);
            own.ShouldBe(expected[k], 2e-5 * own);
        }
    }

    [Theory]
    [InlineData("Yield ~ 1 + (1 | Batch)", "Dyestuff")]
    [InlineData("score ~ Machine + (1 | Worker)", "Machines")]
    public void Variance_OfOneParameter_IsTheSquareOfTheDerivative(string formula, string example)
    {
        // Balanced data, one ratio G = theta²: predictions by Henderson's equations at moved ratios share nothing with the derivatives.
        var fit = FittedExamples.Of(formula, example);
        var ratio = fit.RandomTerms[0].Covariance[0, 0] / (fit.Sigma * fit.Sigma);
        var h = 1e-5 * ratio;
        var (up, down) = (Predicted(fit, ratio + h), Predicted(fit, ratio - h));
        var added = new double[up.Length];
        var (with, without) = (fit.Predict(full), fit.Predict(plain));
        for (var r = 0; r < added.Length; r++) added[r] = Square(with[r].StandardError!.Value) - Square(without[r].StandardError!.Value);
        var largest = Enumerable.Range(0, added.Length).MaxBy(r => added[r]);
        var variance = added[largest] / Square((up[largest] - down[largest]) / (2 * h));
        for (var r = 0; r < added.Length; r++) added[r].ShouldBe(variance * Square((up[r] - down[r]) / (2 * h)), 1e-6 * added[largest]);

        // Balanced one-way layout, m groups of k: with mean squares A and E the ratio is (A/E − 1)/k, and its large-sample variance follows from
        // Var A = 2A²/(m − 1), Var E = 2E²/dfE, in which REML's information is exact.
        if (example != "Dyestuff") return;
        var (m, k, F) = (6, 5, 1 + (5 * ratio));
        variance.ShouldBe(F * F / (k * k) * ((2.0 / (m - 1)) + (2.0 / (m * (k - 1)))), 1e-6 * variance);
    }

    [Fact]
    public void StandardError_OfANewGroup_GainsWhatTheFixedEffectsAdd()
    {
        // An intercept alone in balanced data does not depend on the ratio.
        var fit = FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff");
        var row = new DataTableBuilder().Add("Batch", ["new"]).Build();
        var options = full with { NewLevels = NewLevels.Population };
        fit.Predict(row, options)[0].StandardError!.Value.ShouldBe(fit.Predict(row, options with { VarianceUncertainty = false })[0].StandardError!.Value, 1e-9);
    }

    [Fact]
    public void StandardError_OnTheBoundary_IsUnchanged()
    {
        var fit = FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff2");
        fit.Predict(full)[0].StandardError.ShouldBe(fit.Predict(plain)[0].StandardError);
    }

    [Fact]
    public void VarianceUncertainty_ForThePopulation_IsRefused() =>
        Should.Throw<InferenceException>(() => FittedExamples.Of("Yield ~ 1 + (1 | Batch)", "Dyestuff").Predict(full with { Target = PredictionTarget.Population }))
            .Message.ShouldContain("--df kenward-roger");

    private static double Square(double value) => value * value;

    private static double[] Predicted(LinearMixedModelFit fit, double ratio)
    {
        var p = fit.Design.Fixed.ColumnNames.Count;
        var equations = HendersonEquations.Create(fit.Design, [new(1, 1, [ratio * fit.Sigma * fit.Sigma])], fit.Sigma);
        var (X, term, n) = (fit.Design.Fixed.X, fit.Design.RandomTerms[0], fit.Observations);
        return [.. Enumerable.Range(0, n).Select(r => Enumerable.Range(0, p).Sum(j => X.Span[r + (j * n)] * equations.Solution.Span[j]) + equations.Solution.Span[p + term.LevelOfRow.Span[r]])];
    }
}
