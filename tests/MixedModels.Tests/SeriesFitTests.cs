using MixedModels.Data;
using MixedModels.Estimation.Marginal;

namespace MixedModels.Tests;

/// <summary>Fits along long single series, whose covariance is never formed.</summary>
public sealed class SeriesFitTests
{
    /// <summary>R's arima by exact maximum likelihood, six years missing; see validation/residual.md.</summary>
    [Fact]
    public void Fit_MovingAverageWithMissingVisits_IsRsArima()
    {
        var table = DataTable.ReadCsv(Path.Combine(RepositoryFolder.Path, "validation", "residual", "data", "sunspot.csv"));
        var fit = new LinearMixedModel("spots ~ 1", new() { Criterion = EstimationCriterion.MaximumLikelihood, Residual = "arma(year | 1, p = 2, q = 1)" }).Fit(table);
        fit.Marginal!.AtOptimum((deviance, _) => deviance.Plan.Route).ShouldBe(MarginalRoute.Series);
        fit.LogLikelihood.ShouldBe(-1198.8701311655, 1e-7);

        // arima's parameters are good to about 1e-6.
        fit.Residual!.Parameters.Select(parameter => parameter.Value).ShouldBe([1.457424934636, -0.747581148116, -0.136474796191], 5e-6);
        fit.Coefficients()[0].Estimate.ShouldBe(49.283531466447, 1e-4);
    }

    [Theory]
    [InlineData("ar1(t | 1)")]
    [InlineData("car1(time | 1)")]
    [InlineData("rw(t | 1)")]
    [InlineData("arma(t | 1, p = 1, q = 1)")]
    public void Fit_LongSeries_ConvergesAndIsOfUseAfterwards(string residual)
    {
        var table = Series(3000);
        var fit = new LinearMixedModel("y ~ x", new() { Residual = residual }).Fit(table);
        fit.Convergence.Verdict.ShouldBe(ConvergenceVerdict.Converged);
        fit.Marginal!.AtOptimum((deviance, _) => deviance.Plan.Route).ShouldBe(MarginalRoute.Series);
        var rows = fit.Coefficients();
        rows[1].Estimate.ShouldBe(0.5, 5 * rows[1].StandardError);
        rows[1].DegreesOfFreedom!.Value.ShouldBeInRange(100, 3000);
        string.Join('\n', fit.Explain().Algebra).ShouldContain("a recursion along each subject");
        fit.Simulate(2, seed: 1).Rows.ShouldBe(3000);
        var white = fit.Residuals(ResidualKind.Normalized).ToArray();
        (white.Sum(value => value * value) / 2998).ShouldBe(1, 1e-6);
        fit.Predict(new() { Interval = 0.95 })[7].Upper.ShouldNotBeNull();
    }

    /// <summary>Structures with a parameter a visit have no place along one series.</summary>
    [Theory]
    [InlineData("toep(t | 1)")]
    [InlineData("adh(t | 1)")]
    public void Fit_AParameterAVisit_IsRefused(string residual) =>
        Should.Throw<DataException>(() => new LinearMixedModel("y ~ x", new() { Residual = residual }).Fit(Series(3000))).Message.ShouldContain("such as ar1, car1 or arma");

    [Fact]
    public void Fit_DenseStructureOfALongSeries_IsRefusedWithFigures() =>
        Should.Throw<DataException>(() => new LinearMixedModel("y ~ x", new() { Residual = "sp_gau(time | 1)" }).Fit(Series(7000))).Message.ShouldContain("7,000 rows");

    private static DataTable Series(int n)
    {
        var random = new Random(12);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var (y, x, t, time) = (new double[n], new double[n], new double[n], new double[n]);
        var e = Normal();
        for (var r = 0; r < n; r++)
        {
            t[r] = r == 0 ? 1 : t[r - 1] + 1 + (r % 50 == 0 ? 3 : 0);
            time[r] = (r == 0 ? 0 : time[r - 1]) + 0.2 + (0.8 * random.NextDouble());
            e = (0.8 * e) + (0.6 * Normal());
            x[r] = Normal();
            y[r] = 1 + (0.5 * x[r]) + e;
        }

        return new([new NumericColumn("y", y), new NumericColumn("x", x), new NumericColumn("t", t), new NumericColumn("time", time)]);
    }
}
