using MixedModels.Data;
using MixedModels.Formula;

namespace MixedModels.Tests;

/// <summary>Models of the residual standard deviation, <c>--dispersion "~ x"</c>.</summary>
public sealed class DispersionFitTests
{
    private static readonly DataTable sleep = DataTable.Example("sleepstudy");

    private static LinearMixedModelFit Fit(string dispersion, DataTable? table = null) => new LinearMixedModel(
        "Reaction ~ Days + (1 | Subject)", new() { Criterion = EstimationCriterion.MaximumLikelihood, Dispersion = dispersion }).Fit(table ?? sleep);

    /// <summary>glmmTMB 1.1.5, dispformula = ~Days, which models the logarithm of the variance: half its coefficients are those of the SD.</summary>
    [Fact]
    public void Fit_OfACovariate_IsGlmmTmbs()
    {
        var fit = Fit("~ Days");
        fit.LogLikelihood.ShouldBe(-891.911879300554, 1e-6);
        fit.ParameterCount.ShouldBe(5);
        fit.Dispersion.Select(row => row.Name).ShouldBe(["(Intercept)", "Days"]);
        fit.Dispersion[0].Estimate.ShouldBe(6.06931325299221 / 2, 1e-5);
        fit.Dispersion[1].Estimate.ShouldBe(0.166380866342693 / 2, 1e-6);
        fit.Dispersion[0].StandardError.ShouldBe(0.253694047800261 / 2, 1e-5);
        fit.Dispersion[1].StandardError.ShouldBe(0.050953210740674 / 2, 1e-6);
        fit.Dispersion[1].PValue!.Value.ShouldBe(0.00109322835801973, 1e-5);
        fit.RandomTerms[0].StandardDeviations[0].ShouldBe(30.9403622464054, 1e-4);
    }

    [Fact]
    public void Fit_OfACovariate_IsTheVarianceFunction()
    {
        var function = new LinearMixedModel("Reaction ~ Days + (1 | Subject)", new() { Criterion = EstimationCriterion.MaximumLikelihood, Variance = "exp(Days)" }).Fit(sleep);
        var fit = Fit("~Days");
        fit.Deviance.ShouldBe(function.Deviance, 1e-9);
        fit.Sigma.ShouldBe(function.Sigma, 1e-6);
        fit.Dispersion[1].Estimate.ShouldBe(function.Residual!.Variance.Single().Value, 1e-8);
        fit.Residual!.Variance.ShouldBeEmpty();
    }

    [Fact]
    public void Fit_OfAFactor_IsAStandardDeviationALevel()
    {
        int[] codes = [.. Enumerable.Range(0, 180).Select(r => r % 10 / 4)];
        var table = sleep.WithColumn(new FactorColumn("phase", ["a", "b", "c"], codes, false));
        var fit = Fit("~ phase", table);
        var ident = new LinearMixedModel("Reaction ~ Days + (1 | Subject)", new() { Criterion = EstimationCriterion.MaximumLikelihood, Variance = "ident(phase)" }).Fit(table);
        fit.Deviance.ShouldBe(ident.Deviance, 1e-7);
        fit.Dispersion[0].Estimate.ShouldBe(Math.Log(ident.Sigma), 1e-4);
        for (var j = 1; j < 3; j++) Math.Exp(fit.Dispersion[j].Estimate).ShouldBe(ident.Residual!.Variance[j].Value, 1e-3);
    }

    [Fact]
    public void Fit_SavedAndLoaded_SaysTheSame()
    {
        var (fit, path) = (Fit("~ Days"), Path.GetTempFileName());
        fit.Save(path);
        var loaded = LinearMixedModelFit.Load(path);
        File.Delete(path);
        loaded.Dispersion[1].StandardError.ShouldBe(fit.Dispersion[1].StandardError, 1e-9);
        loaded.Model.Options.Dispersion.ShouldBe("~ Days");
    }

    [Theory]
    [InlineData("~ (1 | Subject)", "fixed effects alone")]
    [InlineData("~ 0 + Days", "without an intercept")]
    [InlineData("Days ~ 1", "A response")]
    [InlineData("~ days", "days")]
    [InlineData("~ offset(Days)", "offset")]
    [InlineData("~ .", "name its columns")]
    public void Fit_WrongClause_IsRefused(string clause, string message) => Should.Throw<FormulaException>(() => Fit(clause)).Message.ShouldContain(message);
}
