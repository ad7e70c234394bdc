using MixedModels.Data;

namespace MixedModels.Tests.Prediction;

/// <summary>Observations of new rows beside residual structures and variance functions, and what known residuals say about them.</summary>
public sealed class ResidualPredictionTests
{
    /// <summary>Rows of sleepstudy that the fits do not see: subject (its place), day.</summary>
    private static readonly (int Subject, int Day)[] hidden = [(1, 3), (1, 4), (1, 9), (4, 0), (4, 5), (9, 8), (9, 9)];

    private static readonly DataTable all = DataTable.Example("sleepstudy");
    private static readonly DataTable known = all.SelectRows([.. Enumerable.Range(0, 180).Where(row => !hidden.Contains((row / 10, row % 10)))]);
    private static readonly DataTable others = all.SelectRows([.. Enumerable.Range(0, 180).Where(row => hidden.Contains((row / 10, row % 10)))]);

    [Theory]
    [InlineData("Reaction ~ Days", "us(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "corus(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "cs(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "csh(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "ar1(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "ar1h(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "toep(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "toeph(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "ad(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "adh(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "arma(Days | Subject, p = 1, q = 1)", null)]
    [InlineData("Reaction ~ Days", "car1(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "car1(Days | Subject, nugget = TRUE)", null)]
    [InlineData("Reaction ~ Days", "sp_gau(Days | Subject, nugget = TRUE)", null)]
    [InlineData("Reaction ~ Days", "sp_sph(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "sp_lin(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "sp_ratio(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "rw(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "ar1(Days | Subject)", "exp(Days)")]
    [InlineData("Reaction ~ Days", "car1(Days | Subject)", "constpower(Days, const = 1)")]
    [InlineData("Reaction ~ Days + (Days | Subject)", "ar1(Days | Subject)", "exp(Days)")]
    [InlineData("Reaction ~ Days + (1 | Subject) + (1 | factor(Days))", "ar1(Days | Subject)", null)]
    [InlineData("Reaction ~ Days + (1 | factor(Days))", "corus(Days | Subject)", "exp(Days)")]
    public void Predict_HiddenRows_IsTheDenseBestLinearPrediction(string formula, string residual, string? variance)
    {
        var fit = Fit(formula, residual, variance);
        var (plain, krige) = (Observation(fit, others), Krige(fit, others));

        // A subject that is complete shows the residual covariance of every pair of days; it is one of the model's own, held to formulas elsewhere.
        var R = fit.ResidualCovariance("Subject", Level(0)).Values;
        var dense = new DenseRows(fit, hidden, (a, b) => a.Subject == b.Subject ? R[a.Day, b.Day] : 0);
        for (var h = 0; h < hidden.Length; h++)
        {
            var (mean, error) = dense.Predict(h);
            krige[h].Fit.ShouldBe(mean, 1e-7 * Math.Abs(mean));
            krige[h].StandardError!.Value.ShouldBe(error, 1e-6 * error);
            (_, error) = new DenseRows(fit, hidden, (a, b) => a == b || (a.Subject == b.Subject && !hidden.Contains(b) && !hidden.Contains(a)) ? R[a.Day, b.Day] : 0).Predict(h);
            plain[h].StandardError!.Value.ShouldBe(error, 1e-6 * error);
        }
    }

    [Fact]
    public void Predict_Ar1Forecasts_DecayFromTheLastResidual()
    {
        // e_9+h given e_0 … e_9 is rho^h e_9, with variance sigma² (1 − rho^2h); days that no subject of the fit has are as good as any other.
        var fit = new LinearMixedModel("Reaction ~ Days", new() { Residual = "ar1(Days | Subject)" }).FitTo(all);
        var (rho, sigma) = (fit.Residual!.Parameters.Single().Value, fit.Sigma);
        var last = fit.Residuals(ResidualKind.Raw).Span[9];
        var rows = new DataTableBuilder().Add("Days", [10.0, 11, 20]).Add("Subject", ["308", "308", "308"]).Build();
        var (forecast, plain) = (fit.Predict(rows, new() { IncludeResidual = true }), fit.Predict(rows));
        for (var r = 0; r < 3; r++)
        {
            var h = new[] { 1, 2, 11 }[r];
            forecast[r].Fit.ShouldBe(plain[r].Fit + (Math.Pow(rho, h) * last), 1e-9 * plain[r].Fit);
            forecast[r].StandardError.ShouldBeNull();

            // What is new in the row is x − rho^h x_9.
            double[] x = [1 - Math.Pow(rho, h), 9 + h - (9 * Math.Pow(rho, h))];
            var ofMean = 0.0;
            for (var i = 0; i < 2; i++)
            {
                for (var j = 0; j < 2; j++) ofMean += x[i] * fit.CoefficientCovariance[i, j] * x[j];
            }

            var error = fit.Predict(rows, new() { IncludeResidual = true, StandardErrors = true })[r].StandardError!.Value;
            (error * error).ShouldBe(ofMean + (sigma * sigma * (1 - Math.Pow(rho, 2 * h))), 1e-8 * error * error);
        }
    }

    [Fact]
    public void Predict_PointInAField_IsSimpleKriging()
    {
        // One field, two coordinates, a nugget: weights by the textbook, C⁻¹c, from the range and the nugget that the fit reports.
        var random = new Random(5);
        const int n = 60;
        double[] x = [.. Enumerable.Range(0, n).Select(i => (i % 8) + (0.3 * random.NextDouble()))];
        double[] z = [.. Enumerable.Range(0, n).Select(i => (i / 8) + (0.3 * random.NextDouble()))];
        double[] y = [.. Enumerable.Range(0, n).Select(i => 5 + (2 * Math.Sin(0.7 * x[i])) + Math.Cos(0.6 * z[i]) + (3 * random.NextDouble()))];
        var table = new DataTableBuilder().Add("y", y).Add("x", x).Add("z", z).Build();
        var fit = new LinearMixedModel("y ~ 1", new() { Residual = "sp_exp(x + z | 1, nugget = TRUE)" }).FitTo(table);
        var (range, nugget) = (fit.Residual!.Parameters[0].Value, fit.Residual.Parameters[1].Value);
        nugget.ShouldBeInRange(0.01, 0.9);
        double[] places = [2.5, 3.1, 400];
        var rows = new DataTableBuilder().Add("x", places).Add("z", places).Build();
        var predicted = fit.Predict(rows, new() { IncludeResidual = true, StandardErrors = true });
        var mean = fit.Coefficients()[0].Estimate;
        for (var r = 0; r < places.Length; r++)
        {
            var C = new double[n, n + 1];
            for (var a = 0; a < n; a++)
            {
                for (var b = 0; b < n; b++) C[a, b] = a == b ? 1 : (1 - nugget) * Math.Exp(-Distance(x[a] - x[b], z[a] - z[b]) / range);
                C[a, n] = (1 - nugget) * Math.Exp(-Distance(x[a] - places[r], z[a] - places[r]) / range);
            }

            var weights = DenseRows.Solve(C);
            var (expected, left, unit) = (mean, 1.0, 1.0);
            for (var a = 0; a < n; a++)
            {
                expected += weights[a] * (y[a] - mean);
                left -= weights[a] * C[a, n];
                unit -= weights[a];
            }

            predicted[r].Fit.ShouldBe(expected, 1e-8 * Math.Abs(expected));
            Math.Pow(predicted[r].StandardError!.Value, 2).ShouldBe((fit.Sigma * fit.Sigma * left) + (unit * unit * fit.CoefficientCovariance[0, 0]), 1e-7);
        }

        predicted[2].Fit.ShouldBe(mean, 1e-3, "nothing is near");
    }

    [Fact]
    public void Predict_SubjectNotSeen_HasTheMarginalVariance()
    {
        var fit = Fit("Reaction ~ Days", "us(Days | Subject)", null);
        var rows = new DataTableBuilder().Add("Days", [0.0, 9]).Add("Subject", ["new", "new"]).Build();
        var (with, without) = (Krige(fit, rows), Observation(fit, rows));
        var R = fit.ResidualCovariance("Subject", Level(0)).Values;
        for (var r = 0; r < 2; r++)
        {
            var day = 9 * r;
            with[r].ShouldBe(without[r]);
            var ofMean = fit.CoefficientCovariance[0, 0] + (2 * day * fit.CoefficientCovariance[0, 1]) + (day * day * fit.CoefficientCovariance[1, 1]);
            Math.Pow(with[r].StandardError!.Value, 2).ShouldBe(ofMean + R[day, day], 1e-7 * R[day, day]);
        }
    }

    [Fact]
    public void Predict_RowsOfTheFit_AreTheResponsesThemselves()
    {
        var fit = Fit("Reaction ~ Days + (1 | Subject)", "ar1(Days | Subject)", "exp(Days)");
        var predicted = fit.Predict(new PredictionOptions { IncludeResidual = true, StandardErrors = true });
        for (var r = 0; r < predicted.Count; r++)
        {
            predicted[r].Fit.ShouldBe(fit.Design.Response.Span[r], 1e-8);
            predicted[r].StandardError!.Value.ShouldBe(0, 1e-4);
        }

        // With a nugget another observation at the same place is not the same observation.
        var nugget = Fit("Reaction ~ Days", "car1(Days | Subject, nugget = TRUE)", null).Predict(new PredictionOptions { IncludeResidual = true, StandardErrors = true });
        nugget.Min(row => row.StandardError!.Value).ShouldBeGreaterThan(5);
    }

    [Theory]
    [InlineData("ident(half)")]
    [InlineData("power(Days1 | half)")]
    [InlineData("exp(Days) + ident(half)")]
    [InlineData("constpower(Days1)")]
    [InlineData("fixed(Days1)")]
    [InlineData("power(fitted)")]
    public void Predict_ObservationsWithVarianceFunctions_AreThoseOfTheOwnRows(string variance)
    {
        // A row of the fit knows its standard deviation from the estimation; the same row as new data must come to it by replay.
        var table = WithHalves(all);
        var fit = new LinearMixedModel("Reaction ~ Days + (1 | Subject)", new() { Variance = VarianceFunctions.Parse(variance) }).FitTo(table);
        PredictionOptions options = new() { StandardErrors = true, Uncertainty = PredictionUncertainty.Observation };
        var (own, replayed) = (fit.Predict(options), fit.Predict(table.SelectRows([77, 3, 179]), options));
        var scaled = fit.Residuals(ResidualKind.Scaled).ToArray();
        var raw = fit.Residuals(ResidualKind.Raw).ToArray();
        var mean = fit.Predict(new PredictionOptions { StandardErrors = true });
        for (var i = 0; i < 3; i++)
        {
            var row = new[] { 77, 3, 179 }[i];
            replayed[i].StandardError!.Value.ShouldBe(own[row].StandardError!.Value, 1e-9 * own[row].StandardError!.Value);
            var deviation = raw[row] / scaled[row];
            replayed[i].StandardError!.Value.ShouldBe(Math.Sqrt(Math.Pow(mean[row].StandardError!.Value, 2) + (deviation * deviation)), 1e-5 * deviation);
        }
    }

    [Fact]
    public void Predict_DispersionAndGroups_AreReplayed()
    {
        var table = WithHalves(all);
        var dispersion = new LinearMixedModel("Reaction ~ Days", new() { Dispersion = "~ poly(Days, 2) * half" }).FitTo(table);
        var groups = new LinearMixedModel("Reaction ~ Days", new() { Residual = "ar1h(Days | half/Subject)" }).FitTo(table);
        PredictionOptions options = new() { StandardErrors = true, Uncertainty = PredictionUncertainty.Observation };
        foreach (var fit in new[] { dispersion, groups })
        {
            var (own, replayed) = (fit.Predict(options), fit.Predict(table.SelectRows([77, 3, 179]), options));
            for (var i = 0; i < 3; i++) replayed[i].StandardError!.Value.ShouldBe(own[new[] { 77, 3, 179 }[i]].StandardError!.Value, 1e-9);
        }

        var errors = dispersion.Predict(table.SelectRows([3, 77]), options).Select(row => row.StandardError!.Value).ToArray();
        Math.Abs(errors[0] - errors[1]).ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Predict_WeightedRows_KnowsTheirPrecision()
    {
        // Two rows of one subject at rho: e_1 = w_0^½ rho e_0, since the residual of weight w_0 has the standard deviation sigma/√w_0.
        var random = new Random(2);
        const int subjects = 30;
        int[] place = [.. Enumerable.Range(0, 2 * subjects)];
        var table = new DataTableBuilder()
            .Add("y", [.. place.Select(i => Math.Sin(i / 2) + (0.5 * random.NextDouble()))])
            .Add("w", [.. place.Select(i => i % 2 == 0 ? 4.0 : 1)])
            .Add("visit", [.. place.Select(i => (double)(i % 2))])
            .Add("id", [.. place.Select(i => FormattableString.Invariant($"s{i / 2:00}"))])
            .Build();
        var seen = table.SelectRows([.. place.Where(i => i != 1)]);
        var fit = new LinearMixedModel("y ~ 1", new() { Weights = "w", Residual = "cs(visit | id)" }).FitTo(seen);
        var (rho, mean) = (fit.Residual!.Parameters.Single().Value, fit.Coefficients()[0].Estimate);
        fit.Predict(table.SelectRows([1]), new() { IncludeResidual = true })[0].Fit.ShouldBe(mean + (2 * rho * (fit.Design.Response.Span[0] - mean)), 1e-9);
    }

    [Fact]
    public void Predict_LongMovingAverage_IsTheDensePrediction()
    {
        // More rows than are held densely: the filter whitens what the dense covariance, written from the autocorrelations, solves.
        var random = new Random(9);
        const int n = 90;
        var (e, last, table) = (0.0, 0.0, new DataTableBuilder());
        double[] y = [.. Enumerable.Range(0, n).Select(_ =>
        {
            var step = random.NextDouble() + random.NextDouble() - 1;
            e = (0.6 * e) + step + (0.5 * last);
            last = step;
            return 3 + e;
        })];
        double[] times = [.. Enumerable.Range(0, n).Select(t => (double)(t < 40 ? t : t + 5))];
        var fit = new LinearMixedModel("y ~ 1", new() { Residual = "arma(t | 1, p = 1, q = 1)" }).FitTo(table.Add("y", y).Add("t", times).Build());
        var (phi, theta) = (fit.Residual!.Parameters[0].Value, fit.Residual.Parameters[1].Value);
        var first = (1 + (phi * theta)) * (phi + theta) / (1 + (2 * phi * theta) + (theta * theta));
        double Correlation(double lag) => lag == 0 ? 1 : first * Math.Pow(phi, Math.Abs(lag) - 1);
        double[] wanted = [42, 96];
        var predicted = fit.Predict(new DataTableBuilder().Add("t", wanted).Build(), new() { IncludeResidual = true });
        var mean = fit.Coefficients()[0].Estimate;
        for (var r = 0; r < wanted.Length; r++)
        {
            var C = new double[n, n + 1];
            for (var a = 0; a < n; a++)
            {
                for (var b = 0; b < n; b++) C[a, b] = Correlation(times[a] - times[b]);
                C[a, n] = Correlation(times[a] - wanted[r]);
            }

            var weights = DenseRows.Solve(C);
            predicted[r].Fit.ShouldBe(mean + Enumerable.Range(0, n).Sum(a => weights[a] * (y[a] - mean)), 1e-8);
        }
    }

    [Theory]
    [InlineData("us(Days | Subject)", "ident(half)", 12, "a", "308", false, "Row 1 is at the visit 12")]
    [InlineData("csh(Days | Subject)", null, 12, "a", "308", false, "the visits of the fit (0, 1, 2")]
    [InlineData("toep(Days | Subject)", null, 12, "a", "308", true, "such as ar1")]
    [InlineData("ar1(Days | Subject)", null, 2.5, "a", "308", true, "takes visits, that is whole numbers")]
    [InlineData("ar1(Days | half/Subject)", null, 3, "c", "308", false, "'half' is 'c' in row 1; the residuals have parameters of their own")]
    [InlineData("ar1(Days | Subject)", "ident(half)", 3, "c", "308", false, "ident(half) has a parameter for each level")]
    [InlineData("rw(Days | Subject)", null, -3, "a", "308", false, "before the first visit")]
    [InlineData("ar1(Days | Subject)", "power(Days1)", -1, "a", "308", false, "Days1 is 0 in row 1")]
    public void Predict_WhereTheClausesSayNothing_IsRefused(string residual, string? variance, double day, string half, string subject, bool isConditional, string message)
    {
        var fit = new LinearMixedModel("Reaction ~ Days", new() { Residual = Residual.Parse(residual), Variance = variance is null ? null : VarianceFunctions.Parse(variance) }).FitTo(WithHalves(all));
        var row = new DataTableBuilder().Add("Days", [day]).Add("Days1", [day + 1]).Add("Subject", [subject]).Add("half", [half]).Build();
        Should.Throw<MixedModelsException>(() => fit.Predict(row, new() { StandardErrors = true, Uncertainty = PredictionUncertainty.Observation, IncludeResidual = isConditional }))
            .Message.ShouldContain(message);
    }

    [Fact]
    public void Predict_FileOrder_SaysNothingAboutNewRowsButTheirVariance()
    {
        var fit = new LinearMixedModel("Reaction ~ Days", new() { Residual = "csh(1 | Subject)" }).FitTo(all);
        var R = fit.ResidualCovariance("Subject", Level(0)).Values;
        PredictionOptions options = new() { StandardErrors = true, Uncertainty = PredictionUncertainty.Observation };
        var (first, third) = (fit.Predict(all.SelectRows([10, 11, 12]), options), fit.Predict(new PredictionOptions { StandardErrors = true }));
        Math.Pow(first[2].StandardError!.Value, 2).ShouldBe(Math.Pow(third[12].StandardError!.Value, 2) + R[2, 2], 1e-6 * R[2, 2]);
        Should.Throw<InferenceException>(() => fit.Predict(all.SelectRows([10]), new() { IncludeResidual = true })).Message.ShouldContain("csh(time | Subject)");
    }

    [Fact]
    public void Predict_ResidualWithoutAllRandomEffects_IsRefused() =>
        Should.Throw<InferenceException>(() => Fit("Reaction ~ Days + (1 | Subject)", "ar1(Days | Subject)", null).Predict(others, new() { IncludeResidual = true, Target = PredictionTarget.Population }))
            .Message.ShouldContain("varies by all random terms");

    [Fact]
    public void Predict_CompoundSymmetryOfMoreVisitsThanTheFit_IsRefusedWhereNoVarianceIsLeft()
    {
        // Residuals of pairs that sum to nearly nothing: rho is near −1, and three such residuals of one subject cannot be.
        double[] y = [.. Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? 1 : -1) * (1 + (i / 2 % 5)) + (0.01 * (i % 7)))];
        var table = new DataTableBuilder().Add("y", y).Add("visit", [.. Enumerable.Range(0, 40).Select(i => (double)(i % 2))])
            .Add("id", [.. Enumerable.Range(0, 40).Select(i => FormattableString.Invariant($"s{i / 2:00}"))]).Build();
        var fit = new LinearMixedModel("y ~ 1", new() { Residual = "cs(visit | id)" }).FitTo(table);
        var row = new DataTableBuilder().Add("visit", [2.0]).Add("id", ["s03"]).Build();
        Should.Throw<MixedModelsException>(() => fit.Predict(row, new() { IncludeResidual = true })).Message.ShouldContain("leaves no variance");
    }

    private static double Distance(double a, double b) => Math.Sqrt((a * a) + (b * b));

    /// <summary>With a factor of two levels that no subject crosses, and days from 1.</summary>
    private static DataTable WithHalves(DataTable table)
    {
        int[] halves = [.. Enumerable.Range(0, table.RowCount).Select(row => row / 10 % 2)];
        double[] days = [.. Enumerable.Range(0, table.RowCount).Select(row => (row % 10) + 1.0)];
        return table.WithColumn(new FactorColumn("half", ["a", "b"], halves, isOrdered: false)).WithColumn(new NumericColumn("Days1", days));
    }

    private static LinearMixedModelFit Fit(string formula, string? residual, string? variance) => new LinearMixedModel(formula, new()
    {
        Residual = residual is null ? null : Residual.Parse(residual),
        Variance = variance is null ? null : VarianceFunctions.Parse(variance),
    }).FitTo(known);

    private static IReadOnlyList<PredictedValue> Observation(LinearMixedModelFit fit, DataTable rows) =>
        fit.Predict(rows, new() { StandardErrors = true, Uncertainty = PredictionUncertainty.Observation, NewLevels = NewLevels.Population });

    private static IReadOnlyList<PredictedValue> Krige(LinearMixedModelFit fit, DataTable rows) =>
        fit.Predict(rows, new() { StandardErrors = true, IncludeResidual = true, NewLevels = NewLevels.Population });

    private static string Level(int subject) => ((FactorColumn)all["Subject"]).Levels[subject];

    /// <summary>The n + 1 rows of a prediction in full, from the definition: y0 | y with the fixed effects estimated.</summary>
    private sealed class DenseRows(LinearMixedModelFit fit, (int Subject, int Day)[] predicted, Func<(int Subject, int Day), (int Subject, int Day), double> residual)
    {
        private readonly (int Subject, int Day)[] rows = [.. Enumerable.Range(0, 180).Select(row => (Subject: row / 10, Day: row % 10)).Where(row => !predicted.Contains(row))];

        public (double Mean, double Error) Predict(int h)
        {
            var n = rows.Length;
            var V = new double[n, n + 1];
            for (var a = 0; a < n; a++)
            {
                for (var b = 0; b < n; b++) V[a, b] = Covariance(rows[a], rows[b]);
                V[a, n] = Covariance(rows[a], predicted[h]);
            }

            var weights = Solve(V);
            var beta = fit.Coefficients().Select(row => row.Estimate).ToArray();
            var (mean, variance) = (beta[0] + (beta[1] * predicted[h].Day), Covariance(predicted[h], predicted[h]));
            double[] left = [1, predicted[h].Day];
            for (var a = 0; a < n; a++)
            {
                mean += weights[a] * (fit.Design.Response.Span[a] - beta[0] - (beta[1] * rows[a].Day));
                variance -= weights[a] * V[a, n];
                left[0] -= weights[a];
                left[1] -= weights[a] * rows[a].Day;
            }

            for (var i = 0; i < 2; i++)
            {
                for (var j = 0; j < 2; j++) variance += left[i] * fit.CoefficientCovariance[i, j] * left[j];
            }

            return (mean, Math.Sqrt(variance));
        }

        private double Covariance((int Subject, int Day) a, (int Subject, int Day) b)
        {
            var sum = residual(a, b);
            foreach (var term in fit.RandomTerms)
            {
                if (term.Group == "Subject" ? a.Subject != b.Subject : a.Day != b.Day) continue;
                for (var i = 0; i < term.ColumnNames.Count; i++)
                {
                    for (var j = 0; j < term.ColumnNames.Count; j++) sum += (i == 0 ? 1 : a.Day) * term.Covariance[i, j] * (j == 0 ? 1 : b.Day);
                }
            }

            return sum;
        }

        /// <summary>Gaussian elimination with the right-hand side as last column.</summary>
        public static double[] Solve(double[,] A)
        {
            A = (double[,])A.Clone();
            var n = A.GetLength(0);
            for (var c = 0; c < n; c++)
            {
                for (var r = c + 1; r < n; r++)
                {
                    var share = A[r, c] / A[c, c];
                    if (share == 0) continue;
                    for (var j = c; j <= n; j++) A[r, j] -= share * A[c, j];
                }
            }

            var x = new double[n];
            for (var r = n - 1; r >= 0; r--)
            {
                x[r] = A[r, n];
                for (var j = r + 1; j < n; j++) x[r] -= A[r, j] * x[j];
                x[r] /= A[r, r];
            }

            return x;
        }
    }
}
