using System.Text.Json;
using MixedModels.Data;
using MixedModels.Families;

namespace MixedModels.Tests.Inference;

/// <summary>Cluster-robust covariances of generalized fits: against glmmTMB's scores, hand cases and the linear engine.</summary>
public sealed class GeneralizedRobustTests
{
    public static TheoryData<string, string, string> References => new()
    {
        { "cbpp", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "binomial" },
        { "nested", "TICKS ~ factor(YEAR) + cHEIGHT + (1 | BROOD) + (1 | LOCATION)", "nbinom2" },
        { "slopes", "TICKS ~ cHEIGHT + (cHEIGHT | LOCATION)", "nbinom2" },
    };

    [Theory]
    [MemberData(nameof(References))]
    public void Coefficients_Robust_AreThoseOfGlmmTmbsScores(string name, string formula, string family)
    {
        var fit = Fit(formula, FamilyCatalogue.Create(family)!, name == "cbpp" ? DataTable.Example("cbpp") : Ticks());
        var reference = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "validation", "generalized", "robust.json"))).RootElement.GetProperty(name);
        var names = reference.GetProperty("names").EnumerateArray().Select(entry => entry.GetString()!).ToArray();
        foreach (var kind in new[] { RobustAdjustment.CR0, RobustAdjustment.CR1 })
        {
            double[] errors = [.. reference.GetProperty(kind.ToString()).EnumerateArray().Select(entry => entry.GetDouble())];
            var table = fit.Coefficients(robust: new(kind));
            for (var j = 0; j < table.Count; j++) table[j].StandardError.ShouldBe(errors[j], 1e-4 * errors[j], table[j].Name);
            table[0].DegreesOfFreedom.ShouldBeNull();
            table.Robust!.Cluster.ShouldBe(name == "cbpp" ? "herd" : "LOCATION");

            // theta of nbinom2 and the first standard deviation are logarithms there; a correlation has another coordinate.
            var intervals = fit.WaldIntervals(robust: new(kind));
            intervals.Robust!.Adjustment.ShouldBe(kind);
            double ErrorOf(string parameter)
            {
                var row = intervals.Single(interval => interval.Parameter == parameter);
                return Math.Log(row.Upper / row.Lower) / (2 * 1.959963984540054);
            }

            var group = name switch { "cbpp" => "herd", "nested" => "BROOD", _ => "LOCATION" };
            ErrorOf($"sd[{group}].(Intercept)").ShouldBe(errors[Array.IndexOf(names, "theta")], 1e-3 * errors[Array.IndexOf(names, "theta")]);
            if (family == "nbinom2") ErrorOf("theta[nbinom2]").ShouldBe(errors[Array.IndexOf(names, "betad")], 1e-3 * errors[Array.IndexOf(names, "betad")]);
        }
    }

    [Fact]
    public void Coefficients_OneMean_AreWorkedByHand()
    {
        // Poisson, beta = log of the mean: the score of a cluster is S_j − n_j ȳ, the information n ȳ.
        double[] y = [3, 1, 4, 1, 5, 9, 2, 6, 5];
        string[] g = ["a", "a", "b", "b", "b", "c", "c", "d", "d"];
        var table = new DataTable([new NumericColumn("y", y), Factors.Of("g", g)]);
        var fit = new GeneralizedMixedModel("y ~ 1", Family.Poisson(), new() { Keep = ["g"] }).Fit(table, TestContext.Current.CancellationToken);
        (double S, double n)[] clusters = [(4, 2), (10, 3), (11, 2), (11, 2)];
        const double mean = 4;
        double Error(Func<double, double> divisor) => Math.Sqrt(clusters.Sum(own => Math.Pow((own.S - (own.n * mean)) / divisor(own.n * mean), 2)));
        fit.Coefficients(robust: new(RobustAdjustment.CR0, "g"))[0].StandardError.ShouldBe(Error(_ => 36), 1e-7);
        fit.Coefficients(robust: new(RobustAdjustment.CR1, "g"))[0].StandardError.ShouldBe(Math.Sqrt(4 / 3.0) * Error(_ => 36), 1e-7);
        fit.Coefficients(robust: new(RobustAdjustment.CR3, "g"))[0].StandardError.ShouldBe(Error(own => 36 - own), 1e-6);
    }

    [Fact]
    public void Coefficients_GaussianIdentityOfBalancedData_AreTheLinearEngines()
    {
        // Balanced: the information of means and of variances have nothing in common, so that known and estimated variances agree.
        var table = DataTable.Example("sleepstudy");
        var linear = new LinearMixedModel("Reaction ~ Days + (1 | Subject)", new() { Criterion = EstimationCriterion.MaximumLikelihood }).FitTo(table);
        var fit = Fit("Reaction ~ Days + (1 | Subject)", Family.Gaussian(), table);
        var (own, expected) = (fit.CoefficientCovarianceOf(null, new(RobustAdjustment.CR0)), linear.CoefficientCovarianceOf(null, new(RobustAdjustment.CR0)));
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 2; j++) own[i, j].ShouldBe(expected[i, j], 1e-4 * Math.Sqrt(expected[i, i] * expected[j, j]));
        }
    }

    [Fact]
    public void Coefficients_CR3_AreNearTheJackknifeOfRefits()
    {
        var table = DataTable.Example("cbpp");
        var fit = Fit("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial(), table);
        var herds = (FactorColumn)table["herd"];
        var sums = new double[4];
        for (var herd = 0; herd < herds.Levels.Count; herd++)
        {
            int[] rows = [.. Enumerable.Range(0, table.RowCount).Where(row => herds.Codes.Span[row] != herd)];
            var without = Fit(fit.Model.Formula, fit.Family, table.SelectRows(rows));
            for (var j = 0; j < 4; j++) sums[j] += Math.Pow(without.Coefficients()[j].Estimate - fit.Coefficients()[j].Estimate, 2);
        }

        // One Newton step for the whole way: a few percent.
        var robust = fit.Coefficients(robust: new(RobustAdjustment.CR3));
        for (var j = 0; j < 4; j++) robust[j].StandardError.ShouldBe(Math.Sqrt(sums[j]), 0.06 * robust[j].StandardError);
    }

    [Fact]
    public void Tests_Robust_RestOnTheCovariance()
    {
        var fit = Fit("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial(), DataTable.Example("cbpp"));
        var robust = new RobustCovariance(RobustAdjustment.CR1);
        var table = fit.Coefficients(robust: robust);
        var test = fit.Test(["period2 = 0"], robust: robust);
        test[0].Statistic.ShouldBe(table[1].Statistic, 1e-9);
        fit.TestTerms(robust: robust).Robust!.Cluster.ShouldBe("herd");
        var means = fit.MarginalMeans(["period"], options: new() { Robust = robust });
        means[0].StandardError.ShouldBe(table[0].StandardError, 1e-9);

        // Averages over herds take the robust covariance of the variance too.
        double Error(RobustCovariance? kind) => fit.MarginalMeans(["period"], options: new() { Robust = kind, Scale = MeanScale.Averaged, VarianceUncertainty = true })[0].StandardError;
        Error(robust).ShouldBe(Math.Sqrt(15 / 14.0) * Error(robust with { Adjustment = RobustAdjustment.CR0 }), 1e-9);
        Math.Abs(Error(robust) - Error(null)).ShouldBeGreaterThan(1e-3);
    }

    [Fact]
    public void Coefficients_VarianceOfZero_AreThoseWithoutTheTerm()
    {
        var ones = new NumericColumn("y", [.. Enumerable.Range(0, 48).Select(row => (double)((row % 4) + ((row / 12) % 2)))]);
        var table = new DataTable([ones, new NumericColumn("x", [.. Enumerable.Range(0, 48).Select(row => Math.Sin(row))]), Factors.Of("g", Enumerable.Range(0, 48).Select(row => "g" + (row / 4)))]);
        var singular = Fit("y ~ x + (1 | g)", Family.Poisson(), table);
        singular.IsSingular.ShouldBeTrue();
        var plain = new GeneralizedMixedModel("y ~ x", Family.Poisson(), new() { Keep = ["g"] }).Fit(table, TestContext.Current.CancellationToken);
        foreach (var kind in new[] { RobustAdjustment.CR0, RobustAdjustment.CR3 })
        {
            var (own, expected) = (singular.Coefficients(robust: new(kind)), plain.Coefficients(robust: new(kind, "g")));
            for (var j = 0; j < 2; j++) own[j].StandardError.ShouldBe(expected[j].StandardError, 1e-5 * expected[j].StandardError, kind.ToString());
        }
    }

    [Fact]
    public void RobustCovariance_WhereItDoesNotApply_IsRefusedWithTheReason()
    {
        var ticks = Ticks();
        var nested = Fit("TICKS ~ cHEIGHT + (1 | LOCATION)", Family.Poisson(), ticks);
        Should.Throw<InferenceException>(() => nested.Coefficients(robust: new())).Message.ShouldContain("--vcov CR3");
        Should.Throw<InferenceException>(() => nested.Coefficients(DegreesOfFreedom.Satterthwaite, new(RobustAdjustment.CR1))).Message.ShouldContain("Gaussian");
        var crossed = Fit("TICKS ~ cHEIGHT + (1 | LOCATION) + (1 | YEAR)", Family.Poisson(), ticks);
        Should.Throw<InferenceException>(() => crossed.Coefficients(robust: new(RobustAdjustment.CR0))).Message.ShouldContain("crossed");
        var inner = new GeneralizedMixedModel("TICKS ~ cHEIGHT + (1 | LOCATION)", Family.Poisson(), new() { Quadrature = 0 }).Fit(ticks, TestContext.Current.CancellationToken);
        Should.Throw<InferenceException>(() => inner.Coefficients(robust: new(RobustAdjustment.CR0))).Message.ShouldContain("inner loop");
    }

    private static DataTable Ticks()
    {
        var table = DataTable.Example("grouseticks");
        return table.WithColumn(new NumericColumn("cHEIGHT", [.. ((NumericColumn)table["cHEIGHT"]).Values.ToArray().Select(value => value / 100)]));
    }

    private static GeneralizedMixedModelFit Fit(string formula, Family family, DataTable table) =>
        new GeneralizedMixedModel(formula, family).Fit(table, TestContext.Current.CancellationToken);
}
