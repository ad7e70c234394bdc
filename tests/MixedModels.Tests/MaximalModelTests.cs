using MixedModels.Data;

namespace MixedModels.Tests;

/// <summary>A maximal model of 72 covariance parameters on a design with crossed subjects and items, at a singular optimum.</summary>
public sealed class MaximalModelTests
{
    private static readonly DataTable table = DataTable.ReadCsv(
        Path.Combine(AppContext.BaseDirectory, "validation", "linear", "data", "sim_kb07like.csv.gz"), new DelimitedOptions { Factors = ["subj", "item"] });

    [Fact]
    public void Fit_ZeroCorrelations_ReachesTheCriterionOfLme4()
    {
        var fit = new LinearMixedModel("rt ~ spkr * prec * load + (spkr * prec * load || subj) + (spkr * prec * load || item)").Fit(table);
        fit.Deviance.ShouldBe(28551.26, 0.01);
        fit.Convergence.Converged.ShouldBeTrue();
    }

    [Fact]
    public void Fit_AllCorrelations_ProvesAnOptimumBelowTheNestedModels()
    {
        var fit = new LinearMixedModel("rt ~ spkr * prec * load + (spkr * prec * load | subj) + (spkr * prec * load | item)").Fit(table);
        fit.ParameterCount.ShouldBe(8 + 72 + 1);
        fit.Deviance.ShouldBeLessThan(28551.25);
        fit.Convergence.Converged.ShouldBeTrue();

        // 14 with parameters adapted to the principal axes, 38 before there were any.
        fit.Convergence.Evaluations.ShouldBeLessThan(25);

        fit.Convergence.MinimumConeEigenvalue!.Value.ShouldBeGreaterThan(-1e-6);
        fit.IsSingular.ShouldBeTrue();
        fit.Findings.ShouldContain(finding => finding.Rule == "singular" && finding.What.Contains("subj", StringComparison.Ordinal));
    }
}
