using MixedModels.Data;
using MixedModels.Tests.Data;

namespace MixedModels.Tests.Inference;

/// <summary>Columns that a fit keeps though its formula does not use them, and clusters taken from them.</summary>
public sealed class KeptColumnTests
{
    private static readonly LinearMixedModelOptions keeping = new() { Keep = ["site"] };

    [Fact]
    public void Cluster_OfAKeptColumn_IsThatOfTheSameFactorInTheFormula()
    {
        // Sites of two groups each, once as text and once as numbers; grouping by site gives the same clusters by itself.
        var fit = new LinearMixedModel("y ~ x + (1 | g)", keeping).FitTo(Table(row => FormattableString.Invariant($"S{row / 10}")));
        var numbered = new LinearMixedModel("y ~ x + (1 | g)", keeping).FitTo(Table(row => FormattableString.Invariant($"{row / 10}")));
        var bySite = new RobustCovariance(RobustAdjustment.CR2, "site");
        var table = fit.Coefficients(robust: bySite);
        numbered.Coefficients(robust: bySite).ShouldBe(table);

        // Clusters come from the column alone: groups named after their sites make them too.
        var grouped = new LinearMixedModel("y ~ x + (1 | site:g)").FitTo(Table(row => FormattableString.Invariant($"S{row / 10}")));
        var same = grouped.Coefficients(robust: bySite);
        for (var j = 0; j < 2; j++) same[j].StandardError.ShouldBe(table[j].StandardError, 1e-9);
    }

    [Fact]
    public void KeptColumn_WithoutAValue_CostsNoRowAndIsNoCluster()
    {
        var table = Table(row => row == 7 ? "NA" : "S1");
        var fit = new LinearMixedModel("y ~ x + (1 | g)", keeping).FitTo(table);
        (fit.Observations, fit.DroppedRows).ShouldBe((60, 0));
        Should.Throw<InferenceException>(() => fit.Coefficients(robust: new(RobustAdjustment.CR2, "site"))).Message.ShouldStartWith("'site' has no value in row 8");
    }

    [Fact]
    public void KeptColumn_IsNoTermOfTheDotAndSurvivesSaving()
    {
        var table = Table(row => FormattableString.Invariant($"S{row / 10}"));
        var fit = new LinearMixedModel("y ~ . + (1 | g)", keeping).FitTo(table);
        fit.Design.Fixed.ColumnNames.ShouldBe(["(Intercept)", "x"]);
        var path = Path.GetTempFileName();
        try
        {
            fit.Save(path);
            var loaded = LinearMixedModelFit.Load(path);
            loaded.Deviance.ShouldBe(fit.Deviance);
            loaded.Model.Options.Keep.ShouldBe(["site"]);
            var robust = new RobustCovariance(RobustAdjustment.CR2, "site");
            loaded.Coefficients(robust: robust).ShouldBe(fit.Coefficients(robust: robust));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void KeptColumn_ThatIsNotThere_IsRefused() =>
        Should.Throw<DataException>(() => new LinearMixedModel("y ~ x + (1 | g)", new() { Keep = ["sote"] }).FitTo(Table(_ => "S")))
            .Message.ShouldBe("There is no column 'sote' to keep; nearest: 'site'.");

    [Fact]
    public void Cluster_ThatTheFitDidNotKeep_SaysHowToKeepIt() =>
        Should.Throw<InferenceException>(() => new LinearMixedModel("y ~ x + (1 | g)").FitTo(Table(_ => "S")).Coefficients(robust: new(RobustAdjustment.CR2, "site")))
            .Message.ShouldContain("fit again and keep 'site' too (--keep site)");

    [Fact]
    public void MarginalMeans_Robust_HaveTheErrorsOfTheSameFunctions()
    {
        var fit = FittedExamples.Of("score ~ Machine + (1 | Worker)", "Machines");
        var robust = new RobustCovariance();
        var means = fit.MarginalMeans("Machine", options: new() { Robust = robust });
        var tests = fit.Test(["(Intercept)", "(Intercept) + MachineB", "(Intercept) + MachineC"], robust: robust).ToArray();
        for (var k = 0; k < 3; k++)
        {
            means[k].StandardError.ShouldBe(tests[k].StandardError, 1e-10);
            means[k].DegreesOfFreedom!.Value.ShouldBe(tests[k].DegreesOfFreedom!.Value, 1e-8);
        }

        means.Robust.ShouldBe(new RobustCovariance(RobustAdjustment.CR2, "Worker"));
        Should.Throw<InferenceException>(() => fit.MarginalMeans("Machine", options: new() { Robust = robust, DegreesOfFreedom = DegreesOfFreedom.KenwardRoger }));
    }

    [Fact]
    public void CoefficientCovarianceOf_AMethod_IsThatOfItsStandardErrors()
    {
        var fit = FittedExamples.Of("score ~ Machine + (Machine | Worker)", "Machines");
        Check(fit.CoefficientCovarianceOf(DegreesOfFreedom.KenwardRoger), fit.Coefficients(DegreesOfFreedom.KenwardRoger));
        Check(fit.CoefficientCovarianceOf(null, new()), fit.Coefficients(robust: new()));
        var own = fit.CoefficientCovarianceOf(DegreesOfFreedom.Satterthwaite);
        for (var j = 0; j < 3; j++) own[0, j].ShouldBe(fit.CoefficientCovariance[0, j], 1e-12);

        static void Check(MixedModels.LinearAlgebra.Matrix covariance, CoefficientTable table)
        {
            for (var j = 0; j < table.Count; j++) Math.Sqrt(covariance[j, j]).ShouldBe(table[j].StandardError, 1e-10);
            covariance[0, 1].ShouldBe(table.Covariance[0, 1], 1e-10);
        }
    }

    private static DataTable Table(Func<int, string> site)
    {
        var lines = new List<string> { "y,x,g,site" };
        for (var row = 0; row < 60; row++) lines.Add(FormattableString.Invariant($"{Math.Sin(row * row) + (row / 5 % 3)},{row % 5},G{row / 5},{site(row)}"));
        return Tables.Read(string.Join('\n', lines) + "\n");
    }
}
