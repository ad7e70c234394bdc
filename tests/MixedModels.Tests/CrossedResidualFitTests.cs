using MixedModels.Data;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests;

/// <summary>Residual structures beside random terms that divide or cross a subject's rows, against dense algebra with the whole V.</summary>
public sealed class CrossedResidualFitTests
{
    private static readonly DataTable sleep = DataTable.Example("sleepstudy");

    public static TheoryData<string, string, string?> Models => new()
    {
        { "Reaction ~ Days + (1 | Subject) + (1 | day)", "ar1(Days | Subject)", null },
        { "Reaction ~ Days + (1 | day)", "ar1h(Days | Subject)", null },
        { "Reaction ~ Days + (Days | Subject) + (1 | week)", "car1(Days | Subject)", "exp(Days)" },
        { "Reaction ~ Days + (1 | mm(day, week))", "ar1(Days | Subject)", null },
        { "Reaction ~ Days + (1 | mm(day, week)) + (1 | Subject)", "cs(Days | half)", null },
    };

    private static LinearMixedModelFit FitCrossed(string formula, string residual, string? variance)
    {
        var days = ((NumericColumn)sleep["Days"]).Values.ToArray();
        string[] names = ["d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9"];
        var table = sleep
            .WithColumn(new FactorColumn("day", names, [.. days.Select((day, r) => ((int)day + (r / 10)) % 10)], false))
            .WithColumn(new FactorColumn("week", names[..4], [.. days.Select((day, r) => ((int)day + (r / 30)) % 4)], false))
            .WithColumn(new FactorColumn("half", [.. Enumerable.Range(0, 36).Select(i => $"h{i:00}")], [.. days.Select((day, r) => (2 * (r / 10)) + ((int)day / 5))], false));
        return new LinearMixedModel(formula, new() { Residual = residual, Variance = variance is null ? null : VarianceFunctions.Parse(variance) }).Fit(table);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Fit_Crossed_AgreesWithTheWholeMarginalCovariance(string formula, string residual, string? variance)
    {
        var fit = FitCrossed(formula, residual, variance);
        var (n, p) = (fit.Observations, fit.CoefficientCovariance.Rows);
        var L = fit.MarginalCovariance().Values.Values.ToArray();
        Cholesky.Factor(L, n, n).ShouldBeLessThan(0);
        var X = fit.Design.Fixed.X.ToArray();
        var e = fit.Residuals(ResidualKind.Marginal).ToArray();
        TriangularSolve.Lower(L, n, n, X, p, n);
        TriangularSolve.Lower(L, n, n, e, 1, n);

        // −2 log restricted likelihood, the normal equations, and the covariance of the fixed effects.
        var XX = new double[p * p];
        Product.AddSymmetricRankUpdate(1, X, n, true, XX, p, p, n);
        Symmetric.MirrorLower(XX, p, p);
        for (var j = 0; j < p; j++) Vectors.Dot(X.AsSpan(j * n, n), e).ShouldBe(0, 1e-7 * Vectors.Norm(e) * Math.Sqrt(XX[j * (p + 1)]));
        var product = new double[p * p];
        Product.Add(1, XX, p, false, fit.CoefficientCovariance.Values.ToArray(), p, false, product, p, p, p, p);
        for (var j = 0; j < p; j++) product[j * (p + 1)].ShouldBe(1, 1e-8);
        var d = Vectors.SumOfSquares(e) + ((n - p) * Math.Log(2 * Math.PI));
        for (var i = 0; i < n; i++) d += 2 * Math.Log(L[i * (n + 1)]);
        Cholesky.Factor(XX, p, p);
        for (var j = 0; j < p; j++) d += 2 * Math.Log(XX[j * (p + 1)]);
        fit.Deviance.ShouldBe(d, 1e-7);

        // Fitted values: y − R V⁻¹(y − X beta), R being what is left of V without the random terms.
        TriangularSolve.LowerTransposed(L, n, n, e, 1, n);
        var subjects = fit.Design.Residual!;
        var raw = fit.Residuals().ToArray();
        foreach (var subject in new[] { 0, 7 })
        {
            var R = fit.ResidualCovariance(subjects.SubjectLabel, subjects.SubjectNames[subject]);
            int[] rows = [.. Enumerable.Range(0, n).Where(r => subjects.SubjectOfRow[r] == subject)];
            for (var a = 0; a < rows.Length; a++)
            {
                var left = 0.0;
                for (var b = 0; b < rows.Length; b++) left += R.Values[a, b] * e[rows[b]];
                raw[rows[a]].ShouldBe(left, 1e-7 * fit.Sigma);
            }
        }
    }

    /// <summary>glmmTMB with the AR(1) on the random side and no residual, see validation/residual.md; its residual is held at 1e-4, not 0.</summary>
    [Fact]
    public void Fit_AutoregressiveBesideItems_IsGlmmTmbs()
    {
        var table = DataTable.ReadCsv(Path.Combine(RepositoryFolder.Path, "validation", "residual", "data", "crossed.csv"));
        var fit = new LinearMixedModel(
            "y ~ x + (1 | item) + (1 | subject)", new() { Criterion = EstimationCriterion.MaximumLikelihood, Residual = "ar1(t | subject)" }).Fit(table);
        fit.Marginal!.AtOptimum((deviance, _) => deviance.Plan.Route).ShouldBe(MixedModels.Estimation.Marginal.MarginalRoute.Whitened);
        fit.LogLikelihood.ShouldBe(-400.594865, 1e-4);
        var rows = fit.Coefficients();
        rows[0].Estimate.ShouldBe(1.08272139, 1e-4);
        rows[1].Estimate.ShouldBe(0.49267435, 1e-4);
        fit.RandomTerms[0].StandardDeviations[0].ShouldBe(0.72498, 1e-3);
        fit.RandomTerms[1].StandardDeviations[0].ShouldBe(0.54557, 1e-3);
        fit.Sigma.ShouldBe(0.99776, 1e-3);
        fit.Residual!.Parameters.Single().Value.ShouldBe(0.612, 1e-3);
    }

    /// <summary>Without the intercepts of subjects the model is wrong, and the average information with it: secants make up for it.</summary>
    [Fact]
    public void Fit_LargeAndMisspecified_ConvergesInRows()
    {
        var random = new Random(8);
        const int subjects = 60;
        const int n = subjects * 25;
        var (y, x, item, subject) = (new double[n], new double[n], new int[n], new int[n]);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] items = [.. Enumerable.Range(0, 30).Select(_ => 0.7 * Normal())];
        for (var s = 0; s < subjects; s++)
        {
            var (level, e) = (Normal(), Normal());
            for (var t = 0; t < 25; t++)
            {
                var r = (s * 25) + t;
                e = (0.6 * e) + (0.8 * Normal());
                (item[r], subject[r], x[r]) = (random.Next(30), s, Normal());
                y[r] = 1 + (0.5 * x[r]) + level + items[item[r]] + e;
            }
        }

        string[] names = [.. Enumerable.Range(0, 60).Select(i => $"n{i:00}")];
        var table = new DataTable([new NumericColumn("y", y), new NumericColumn("x", x), new FactorColumn("item", names[..30], item, false), new FactorColumn("subject", names, subject, false)]);
        var wrong = new LinearMixedModel("y ~ x + (1 | item)", new() { Residual = "ar1(1 | 1)" }).Fit(table);
        wrong.Convergence.Verdict.ShouldBe(ConvergenceVerdict.Converged);
        wrong.Marginal!.AtOptimum((deviance, _) => deviance.Plan.Route).ShouldBe(MixedModels.Estimation.Marginal.MarginalRoute.Whitened);
        var right = new LinearMixedModel("y ~ x + (1 | item) + (1 | subject)", new() { Residual = "ar1(1 | subject)" }).Fit(table);
        right.Convergence.Verdict.ShouldBe(ConvergenceVerdict.Converged);
        right.Deviance.ShouldBeLessThan(wrong.Deviance - 50);
        right.Residual!.Parameters.Single().Value.ShouldBe(0.6, 0.1);

        // The parameters stand a few standard errors from the truth, and degrees of freedom from differences are those of a model of this size.
        var rows = right.Coefficients();
        rows[1].Estimate.ShouldBe(0.5, 5 * rows[1].StandardError);
        rows[0].DegreesOfFreedom!.Value.ShouldBeInRange(20, 200);
        rows[1].DegreesOfFreedom!.Value.ShouldBeInRange(500, n);
    }

    [Fact]
    public void Fit_Crossed_PredictsSimulatesAndIsSaved()
    {
        var (formula, residual) = ("Reaction ~ Days + (1 | Subject) + (1 | day)", "ar1(Days | Subject)");
        var fit = FitCrossed(formula, residual, null);
        var path = Path.GetTempFileName();
        fit.Save(path);
        var loaded = LinearMixedModelFit.Load(path);
        File.Delete(path);
        loaded.Deviance.ShouldBe(fit.Deviance, 1e-9);
        loaded.Coefficients()[1].DegreesOfFreedom!.Value.ShouldBe(fit.Coefficients()[1].DegreesOfFreedom!.Value, 1e-6);
        var predicted = fit.Predict(new() { Interval = 0.95 });
        predicted[3].Fit.ShouldBe(fit.FittedValues.Span[3], 1e-10);
        predicted[3].StandardError!.Value.ShouldBeGreaterThan(0);
        var V = fit.MarginalCovariance("Subject", "308").Values;
        var draws = fit.Simulate(4000, seed: 3);
        var mean = fit.Predict(new() { Target = PredictionTarget.Population });
        for (var i = 0; i < 10; i += 3)
        {
            var sum = 0.0;
            for (var k = 0; k < 4000; k++) sum += (draws[i, k] - mean[i].Fit) * (draws[9, k] - mean[9].Fit);
            (sum / 4000).ShouldBe(V[i, 9], 4 * Math.Sqrt(((V[i, i] * V[9, 9]) + (V[i, 9] * V[i, 9])) / 4000));
        }
    }
}
