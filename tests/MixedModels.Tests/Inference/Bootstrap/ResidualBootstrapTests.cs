using MixedModels.Data;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.Inference.Bootstrap;

/// <summary>The parametric bootstrap beside residual structures and variance functions.</summary>
public sealed class ResidualBootstrapTests
{
    private static readonly DataTable sleepstudy = DataTable.Example("sleepstudy");

    [Theory]
    [InlineData("Reaction ~ Days", "ar1(Days | Subject)", null)]
    [InlineData("Reaction ~ Days", "csh(Days | Subject)", null)]
    [InlineData("Reaction ~ Days + (1 | Subject)", "ar1(Days | Subject)", "exp(Days)")]
    [InlineData("Reaction ~ Days + (Days | Subject)", null, "power(fitted)")]
    public void Run_Parameters_AreThoseOfSimulatingAndFittingOneByOne(string formula, string? residual, string? variance)
    {
        const int Replicates = 4;
        var model = Model(formula, residual, variance);
        var fit = model.FitTo(sleepstudy);
        var bootstrap = ParametricBootstrap.Run(fit, new() { Replicates = Replicates, Seed = 11 });
        bootstrap.Failures.ShouldBeEmpty();
        var (draws, simulated, names) = (bootstrap.Values(), fit.Simulate(Replicates, 11), bootstrap.ParameterNames.ToList());
        for (var k = 0; k < Replicates; k++)
        {
            var refit = model.FitTo(sleepstudy.WithColumn(new NumericColumn("Reaction", Column(simulated, k))));
            draws[k, names.IndexOf("sigma")].ShouldBe(refit.Sigma, 2e-4 * refit.Sigma);
            draws[k, 1].ShouldBe(refit.Coefficients()[1].Estimate, 1e-4);
            foreach (var parameter in refit.Residual!.Parameters) draws[k, names.IndexOf($"{parameter.Name}[residual].{refit.Residual.Structure.TrimEnd('h')}")].ShouldBe(parameter.Value, 1e-4);
            foreach (var parameter in refit.Residual.Variance) draws[k, names.IndexOf($"{parameter.Name}[variance]")].ShouldBe(parameter.Value, 1e-4);
        }
    }

    [Fact]
    public void Run_AnyNumberOfThreads_GivesTheSameBits()
    {
        var fit = Model("Reaction ~ Days + (1 | Subject)", "ar1(Days | Subject)", "exp(Days)").FitTo(sleepstudy);
        var one = ParametricBootstrap.Run(fit, new() { Replicates = 20, Seed = 3, Threads = 1 }).Values().Values.ToArray();
        ParametricBootstrap.Run(fit, new() { Replicates = 20, Seed = 3, Threads = 3 }).Values().Values.ToArray().ShouldBe(one);
    }

    [Fact]
    public void Run_AStatistic_SeesTheRefitsResidualStructure()
    {
        var fit = Model("Reaction ~ Days", "ar1(Days | Subject)", null).FitTo(sleepstudy);
        var parameters = ParametricBootstrap.Run(fit, new() { Replicates = 5, Seed = 8 });
        var statistic = ParametricBootstrap.Run(fit, ["rho", "sigma"], own => [own.Residual!.Parameters[0].Value, own.Sigma], new() { Replicates = 5, Seed = 8 });
        var (rho, sigma) = (parameters.ParameterNames.ToList().IndexOf("rho[residual].ar1"), parameters.ParameterNames.ToList().IndexOf("sigma"));
        statistic.Estimates[0].ShouldBe(parameters.Estimates[rho], 1e-12);
        for (var k = 0; k < 5; k++)
        {
            statistic.Values()[k, 0].ShouldBe(parameters.Values()[k, rho], 1e-10);
            statistic.Values()[k, 1].ShouldBe(parameters.Values()[k, sigma], 1e-8);
        }
    }

    [Fact]
    public void Intervals_OfManyDraws_AreNearTheProfiles()
    {
        var fit = Model("Reaction ~ Days", "ar1(Days | Subject)", null).FitTo(sleepstudy);
        var bootstrap = ParametricBootstrap.Run(fit, new() { Replicates = 400, Seed = 5 });
        var interval = bootstrap.Intervals(BootstrapInterval.BiasCorrected).Single(own => own.Parameter == "rho[residual].ar1");
        var profile = LikelihoodProfile.Of(fit, new() { Criterion = EstimationCriterion.Reml, Parameters = ["rho[residual].ar1"] }).Intervals()[0];
        var length = profile.Upper - profile.Lower;
        interval.Lower.ShouldBe(profile.Lower, 0.15 * length);
        interval.Upper.ShouldBe(profile.Upper, 0.15 * length);
    }

    private static LinearMixedModel Model(string formula, string? residual, string? variance) => new(formula, new()
    {
        Residual = residual is null ? null : Residual.Parse(residual),
        Variance = variance is null ? null : VarianceFunctions.Parse(variance),
    });

    private static double[] Column(Matrix matrix, int k) => matrix.Values.Span.Slice(k * matrix.Rows, matrix.Rows).ToArray();
}
