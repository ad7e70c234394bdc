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
    public void StandardError_BesideAVarianceFunctionOfOnes_IsThatWithoutIt()
    {
        // Slopes by differences of whole predictions against the derivatives in closed form, of one model written in two ways.
        var table = DataTable.Example("sleepstudy").WithColumn(new NumericColumn("one", [.. Enumerable.Repeat(1.0, 180)]));
        var (bare, same) = (new LinearMixedModel("Reaction ~ Days + (Days | Subject)").FitTo(table), new LinearMixedModel("Reaction ~ Days + (Days | Subject)", new() { Variance = "fixed(one)" }).FitTo(table));
        same.Marginal.ShouldNotBeNull();
        var (expected, found) = (bare.Predict(full), same.Predict(full));
        for (var r = 0; r < expected.Count; r += 7) found[r].StandardError!.Value.ShouldBe(expected[r].StandardError!.Value, 1e-6 * expected[r].StandardError!.Value);
    }

    [Theory]
    [InlineData("Reaction ~ Days", false)]
    [InlineData("Reaction ~ Days + (1 | Subject)", false)]
    [InlineData("Reaction ~ Days + (1 | Subject)", true)]
    public void Variance_BesideAr1Residuals_IsTheDeltaMethodOfDensePredictions(string formula, bool isMean)
    {
        var fit = new LinearMixedModel(formula, new() { Residual = "ar1(Days | Subject)" }).FitTo(DataTable.Example("sleepstudy"));
        var rows = new DataTableBuilder().Add("Days", [11.0, 4]).Add("Subject", ["309", "309"]).Build();
        PredictionOptions options = new() { StandardErrors = true, IncludeResidual = !isMean };
        var (with, without) = (fit.Predict(rows, options with { VarianceUncertainty = true }), fit.Predict(rows, options));
        double[] psi = [.. fit.Optimum.Theta, .. fit.Optimum.Phi];
        var (K, C) = (psi.Length, fit.Effects.Variances().Covariance);
        for (var r = 0; r < 2; r++)
        {
            var day = r == 0 ? 11 : 4;
            double[] g = [.. Enumerable.Range(0, K).Select(k => (Forecast(fit, Moved(k, 1e-4), day, isMean) - Forecast(fit, Moved(k, -1e-4), day, isMean)) / 2e-4)];
            var added = 0.0;
            for (var i = 0; i < K; i++)
            {
                for (var j = 0; j < K; j++) added += g[i] * C[i + (j * (K + 1))] * g[j];
            }

            var found = Square(with[r].StandardError!.Value) - Square(without[r].StandardError!.Value);
            found.ShouldBe(added, (1e-4 * added) + 1e-7);
        }

        double[] Moved(int k, double h) => [.. psi.Select((value, i) => i == k ? value + h : value)];
    }

    [Fact]
    public void VarianceUncertainty_WhereItIsHeldAlready_IsRefused()
    {
        var fit = new LinearMixedModel("Reaction ~ Days", new() { Residual = "ar1(Days | Subject)" }).FitTo(DataTable.Example("sleepstudy"));
        Should.Throw<InferenceException>(() => fit.Predict(full)).Message.ShouldContain("known residuals take part");
        Should.Throw<InferenceException>(() => fit.Predict(full with { IncludeResidual = true, DegreesOfFreedom = DegreesOfFreedom.KenwardRoger })).Message.ShouldContain("add it again");
    }

    /// <summary>
    /// Of subject 309 (rows 10 to 19) on a day, at theta (the random intercept's relative standard deviation, where there is one) and artanh rho: generalised least squares and the best linear
    /// prediction with V of one subject, 10×10 and the same for all, inverted in full.
    /// </summary>
    private static double Forecast(LinearMixedModelFit fit, double[] psi, int day, bool isMean)
    {
        var (rho, g) = (Math.Tanh(psi[^1]), psi.Length > 1 ? psi[0] * psi[0] : 0);
        var V = new double[10, 10];
        for (var a = 0; a < 10; a++)
        {
            for (var b = 0; b < 10; b++) V[a, b] = g + Math.Pow(rho, Math.Abs(a - b));
        }

        var inverse = Inverse(V);
        var (XX, Xy, y) = (new double[3], new double[2], fit.Design.Response.ToArray());
        for (var s = 0; s < 18; s++)
        {
            for (var a = 0; a < 10; a++)
            {
                for (var b = 0; b < 10; b++)
                {
                    (XX[0], XX[1], XX[2]) = (XX[0] + inverse[a, b], XX[1] + (a * inverse[a, b]), XX[2] + (a * inverse[a, b] * b));
                    (Xy[0], Xy[1]) = (Xy[0] + (inverse[a, b] * y[(10 * s) + b]), Xy[1] + (a * inverse[a, b] * y[(10 * s) + b]));
                }
            }
        }

        var determinant = (XX[0] * XX[2]) - (XX[1] * XX[1]);
        double[] beta = [((XX[2] * Xy[0]) - (XX[1] * Xy[1])) / determinant, ((XX[0] * Xy[1]) - (XX[1] * Xy[0])) / determinant];
        var forecast = beta[0] + (beta[1] * day);
        for (var a = 0; a < 10; a++)
        {
            for (var b = 0; b < 10; b++)
                forecast += (g + (isMean ? 0 : Math.Pow(rho, Math.Abs(day - a)))) * inverse[a, b] * (y[10 + b] - beta[0] - (beta[1] * b));
        }

        return forecast;
    }

    private static double[,] Inverse(double[,] matrix)
    {
        var (n, A) = (matrix.GetLength(0), (double[,])matrix.Clone());
        var inverse = new double[n, n];
        for (var i = 0; i < n; i++) inverse[i, i] = 1;
        for (var c = 0; c < n; c++)
        {
            var pivot = A[c, c];
            for (var j = 0; j < n; j++) (A[c, j], inverse[c, j]) = (A[c, j] / pivot, inverse[c, j] / pivot);
            for (var r = 0; r < n; r++)
            {
                if (r == c) continue;
                var share = A[r, c];
                for (var j = 0; j < n; j++) (A[r, j], inverse[r, j]) = (A[r, j] - (share * A[c, j]), inverse[r, j] - (share * inverse[c, j]));
            }
        }

        return inverse;
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
