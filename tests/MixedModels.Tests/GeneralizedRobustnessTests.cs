using System.Globalization;
using MixedModels.Data;
using MixedModels.Execution;
using MixedModels.Families;
using MixedModels.Tests.Families;

namespace MixedModels.Tests;

/// <summary>Small random problems of all families and links: each ends in a proved optimum or in a finding that names the reason.</summary>
public class GeneralizedRobustnessTests
{
    public static TheoryData<string, string> All => FamilyCases.All();

    [Theory]
    [MemberData(nameof(All))]
    public void Fit_OfRandomProblems_IsProvedOrSaysWhyNot(string family, string link)
    {
        for (var kind = 0; kind < 4; kind++)
        {
            var own = FamilyCases.Create(family, link);
            var (table, formula) = Draw(own, kind);
            var fit = new GeneralizedMixedModel(formula, own, new() { Threads = 1 }).Fit(table, TestContext.Current.CancellationToken);
            if (fit.Convergence.Converged)
            {
                double.IsFinite(fit.LogLikelihood).ShouldBeTrue();
                fit.Convergence.GradientNorm.ShouldBeLessThan(1e-4 * (1 + Math.Abs(fit.Deviance)));
                continue;
            }

            // Only where predictors can leave the link's range, or observed weights can be negative.
            (link is "identity" or "inverse" or "1/mu^2" or "sqrt" or "cauchit" || (link is "log" && family is "binomial" or "inverse.gaussian" or "gaussian")).ShouldBeTrue($"{own}, {formula}: {fit.Convergence.Verdict}");
            var finding = fit.Findings.Single(entry => entry.Rule == "not-converged");
            (finding.Why.Contains("Means have run to the end", StringComparison.Ordinal) || finding.Why.Contains("curve upwards", StringComparison.Ordinal)).ShouldBeTrue($"{own}, {formula}: {finding.Why}");
        }
    }

    [Theory]
    [InlineData("inverse.gaussian", "identity", 3)]
    [InlineData("inverse.gaussian", "identity", 9)]
    public void Fit_WhereTheFirstSearchHasNoEnd_IsProvedFromSmallVariances(string family, string link, int kind)
    {
        var own = FamilyCases.Create(family, link);
        var (table, formula) = Draw(own, kind);
        var fit = new GeneralizedMixedModel(formula, own).Fit(table, TestContext.Current.CancellationToken);
        fit.Convergence.Converged.ShouldBeTrue();
        fit.Findings.ShouldNotContain(finding => finding.Rule == "local-optimum");

        // Its variances are zero: the model without them has the same likelihood.
        fit.Deviance.ShouldBe(new GeneralizedMixedModel("y ~ x", own).Fit(table, TestContext.Current.CancellationToken).Deviance, 1e-6);
    }

    [Fact]
    public void Fit_WhereTheApproximationFallsWithoutEnd_IsTheLocalOptimumAndSaysSo()
    {
        var own = FamilyCases.Create("inverse.gaussian", "log");
        var (table, formula) = Draw(own, kind: 9);
        var fit = new GeneralizedMixedModel(formula, own).Fit(table, TestContext.Current.CancellationToken);
        fit.Convergence.Converged.ShouldBeTrue();
        fit.Convergence.GradientNorm.ShouldBeLessThan(1e-3);
        fit.Deviance.ShouldBe(new GeneralizedMixedModel("y ~ x", own).Fit(table, TestContext.Current.CancellationToken).Deviance, 1e-6);
        fit.Findings.Single(finding => finding.Rule == "local-optimum").What.ShouldContain("more elsewhere");
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.fit");
        try
        {
            fit.Save(file);
            GeneralizedMixedModelFit.Load(file).Findings.ShouldContain(finding => finding.Rule == "local-optimum");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Save_WhereNoLikelihoodIsDefined_KeepsThatToo()
    {
        var own = FamilyCases.Create("poisson", "identity");
        var (table, formula) = Draw(own, kind: 7);
        var fit = new GeneralizedMixedModel(formula, own).Fit(table, TestContext.Current.CancellationToken);
        double.IsNaN(fit.LogLikelihood).ShouldBeTrue();
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.fit");
        try
        {
            fit.Save(file);
            var loaded = GeneralizedMixedModelFit.Load(file);
            (loaded.Convergence.Verdict, double.IsNaN(loaded.LogLikelihood)).ShouldBe((ConvergenceVerdict.NotConverged, true));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("y ~ x + (1 | mm(g, copy))", "y ~ x + (1 | g)")]
    [InlineData("y ~ x + (1 | mm(g, copy)) + (1 | h)", "y ~ x + (1 | g) + (1 | h)")]
    public void Fit_SameGroupTwice_IsTheOrdinaryModel(string formula, string ordinary)
    {
        var (table, _) = Draw(Family.Poisson(), kind: 2);
        var g = (FactorColumn)table["g"];
        table = table.WithColumn(new FactorColumn("copy", g.Levels, g.Codes.Span));
        var several = new GeneralizedMixedModel(formula, Family.Poisson()).Fit(table, TestContext.Current.CancellationToken);
        var one = new GeneralizedMixedModel(ordinary, Family.Poisson()).Fit(table, TestContext.Current.CancellationToken);
        several.Convergence.Converged.ShouldBeTrue();
        several.LogLikelihood.ShouldBe(one.LogLikelihood, 1e-6);
        several.Coefficients()[1].StandardError.ShouldBe(one.Coefficients()[1].StandardError, 1e-5);
        several.LinearPredictors.Span[3].ShouldBe(one.LinearPredictors.Span[3], 1e-4);
        Should.Throw<InferenceException>(() => several.Predict(new PredictionOptions { Interval = 0.95 })).Message.ShouldContain("belong to several levels");
    }

    private static (DataTable Table, string Formula) Draw(Family family, int kind)
    {
        var random = new RandomStream((ulong)kind + 7, (ulong)family.ToString().Sum(letter => letter));
        var n = 60 + (int)(40 * random.NextUniform());
        var center = family.Link.Predictor(family.HasTrials ? 0.45 : 1.6);
        var size = 0.08 * Math.Max(1, Math.Abs(center));
        double[] Effects(int count) => [.. Enumerable.Range(0, count).Select(_ => size * random.NextNormal())];
        var (ofG, ofH, slopes) = (Effects(8), Effects(24), Effects(8));
        var (y, z, x, g, h) = (new double[n], new double[n], new double[n], new string[n], new string[n]);
        double[] psi = [.. family.ParameterNames.Select(_ => family.WeightsDivideDispersion && !family.IsDiscrete && family.Name == "gaussian" ? -1.0 : 0.8)];
        for (var i = 0; i < n; i++)
        {
            var (a, b) = (i % 8, kind == 3 ? (i % 8 * 3) + (i / 8 % 3) : i * 5 % 7);
            x[i] = random.NextUniform() - 0.5;
            var eta = center + (size * x[i]) + ofG[a] + (kind == 1 ? x[i] * slopes[a] : 0) + (kind >= 2 ? ofH[b] : 0);
            var trials = family.HasTrials ? 1 + (i % 5) : 1;
            y[i] = Math.Max(family.IsDiscrete || family.Name == "gaussian" ? double.NegativeInfinity : 1e-6, family.Draw(random, trials, 1, family.Link.Mean(eta).Value, psi));
            z[i] = trials - y[i];
            (g[i], h[i]) = ("g" + a.ToString(CultureInfo.InvariantCulture), "h" + b.ToString(CultureInfo.InvariantCulture));
        }

        var table = new DataTableBuilder().Add("y", y).Add("z", z).Add("x", x).Add("g", g).Add("h", h).Build();
        var random1 = kind switch { 0 => "(1 | g)", 1 => "(1 + x | g)", 2 => "(1 | g) + (1 | h)", _ => "(1 | g/h)" };
        return (table, $"{(family.HasTrials ? "cbind(y, z)" : "y")} ~ x + {random1}");
    }
}
