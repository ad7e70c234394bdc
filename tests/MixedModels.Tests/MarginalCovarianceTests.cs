using MixedModels.Data;
using MixedModels.Formula;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests;

public sealed class MarginalCovarianceTests
{
    [Fact]
    public void MarginalCovariance_OfALevelWithSlopes_IsZGZPlusResidual()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy");
        var block = fit.MarginalCovariance("Subject", "309");
        var G = fit.RandomTerms[0].Covariance;
        block.Rows.ShouldBe(Enumerable.Range(10, 10));
        for (var i = 0; i < 10; i++)
        {
            for (var j = 0; j < 10; j++)
            {
                var expected = G[0, 0] + ((i + j) * G[0, 1]) + (i * j * G[1, 1]) + (i == j ? fit.Sigma * fit.Sigma : 0);
                block.Values[i, j].ShouldBe(expected, 1e-10 * expected);
            }
        }
    }

    [Fact]
    public void MarginalCovariance_Crossed_HasTheOtherTermWhereRowsShareItsLevel()
    {
        var fit = FittedExamples.Of("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin");
        var (plate, sample, residual) = (fit.RandomTerms[0].Covariance[0, 0], fit.RandomTerms[1].Covariance[0, 0], fit.Sigma * fit.Sigma);
        var ofPlate = fit.MarginalCovariance("plate", "a").Values;
        ofPlate[0, 0].ShouldBe(plate + sample + residual, 1e-12);
        ofPlate[1, 0].ShouldBe(plate, 1e-12);
        var ofSample = fit.MarginalCovariance("sample", "F");
        ofSample.Values.Rows.ShouldBe(24);
        ofSample.Values[3, 20].ShouldBe(sample, 1e-12);
    }

    /// <summary>The deviance from V and the marginal residuals alone: n log 2π + log|V| + r'V⁻¹r, with weights, offset, slopes and crossed terms.</summary>
    [Fact]
    public void MarginalCovariance_WithMarginalResiduals_GivesTheDeviance()
    {
        var random = new Random(3);
        double[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];
        var table = new DataTableBuilder()
            .Add("y", [.. Draw(60).Select((u, row) => (10 * u) + (row % 6))]).Add("x", Draw(60)).Add("w", [.. Draw(60).Select(u => 0.5 + u)]).Add("o", Draw(60))
            .Add("g", [.. Enumerable.Range(0, 60).Select(row => "g" + (row % 6))]).Add("h", [.. Enumerable.Range(0, 60).Select(row => "h" + (row / 12))]).Build();
        var options = new LinearMixedModelOptions { Criterion = EstimationCriterion.MaximumLikelihood, Weights = "w", Offsets = ["o"] };
        var fit = new LinearMixedModel("y ~ x + (x | g) + (1 | h)", options).FitTo(table);
        var V = fit.MarginalCovariance().Values.Values.ToArray();
        var r = fit.Residuals(ResidualKind.Marginal).ToArray();

        Cholesky.Factor(V, 60, 60).ShouldBe(-1);
        TriangularSolve.Lower(V, 60, 60, r, 1, 60);
        var logDeterminant = Enumerable.Range(0, 60).Sum(i => 2 * Math.Log(V[i * 61]));
        ((60 * Math.Log(2 * Math.PI)) + logDeterminant + Vectors.Dot(r, r)).ShouldBe(fit.Deviance, 1e-9 * Math.Abs(fit.Deviance));
    }

    [Fact]
    public void MarginalCovariance_RowsOfAFitThatDroppedSome_AreThoseOfTheTable()
    {
        var table = DataTable.Example("sleepstudy");
        var reaction = ((NumericColumn)table["Reaction"]).Values.ToArray();
        reaction[1] = double.NaN;
        var fit = new LinearMixedModel("Reaction ~ Days + (1 | Subject)").FitTo(table.WithColumn(new NumericColumn("Reaction", reaction)));
        fit.MarginalCovariance("Subject", "308").Rows.ShouldBe([0, 2, 3, 4, 5, 6, 7, 8, 9]);
        fit.Predict()[1].Row.ShouldBe(2);
    }

    [Fact]
    public void MarginalCovariance_UnknownGroupOrLevel_IsRefused()
    {
        var fit = FittedExamples.Of("Reaction ~ Days + (1 | Subject)", "sleepstudy");
        Should.Throw<FormulaException>(() => fit.MarginalCovariance("Subjects", "308")).Message.ShouldContain("nearest: 'Subject'");
        Should.Throw<DataException>(() => fit.MarginalCovariance("Subject", "307")).Message.ShouldStartWith("Group 'Subject' has no level '307' in the rows used; nearest:");
    }

    [Fact]
    public void MarginalCovariance_TooManyRows_IsRefused()
    {
        double[] y = [.. Enumerable.Range(0, 5_001).Select(row => (double)(row % 7))];
        string[] g = [.. Enumerable.Range(0, y.Length).Select(row => "g" + (row % 5))];
        var fit = new LinearMixedModel("y ~ 1 + (1 | g)").FitTo(new DataTableBuilder().Add("y", y).Add("g", g).Build());
        Should.Throw<DataException>(() => fit.MarginalCovariance()).Message.ShouldStartWith("The data has 5001 rows");
        fit.MarginalCovariance("g", "g1").Rows.Count.ShouldBe(1_000);
    }

    [Fact]
    public void Residuals_EveryKind_FollowsItsDefinition()
    {
        var table = DataTable.Example("sleepstudy");
        table = table.WithColumn(new NumericColumn("w", [.. Enumerable.Range(0, 180).Select(row => 1.0 + (row % 3))]));
        var fit = new LinearMixedModel("Reaction ~ Days + (1 | Subject)", new() { Weights = "w" }).FitTo(table);
        var reaction = ((NumericColumn)table["Reaction"]).Values.ToArray();
        var population = fit.Predict(new PredictionOptions { Target = PredictionTarget.Population });
        for (var row = 0; row < 180; row++)
        {
            var raw = reaction[row] - fit.FittedValues.Span[row];
            var pearson = raw * Math.Sqrt(1.0 + (row % 3));
            fit.Residuals().Span[row].ShouldBe(raw, 1e-10);
            fit.Residuals(ResidualKind.Pearson).Span[row].ShouldBe(pearson, 1e-10);
            fit.Residuals(ResidualKind.Scaled).Span[row].ShouldBe(pearson / fit.Sigma, 1e-12);
            fit.Residuals(ResidualKind.Normalized).Span[row].ShouldBe(pearson / fit.Sigma, 1e-12);
            fit.Residuals(ResidualKind.Marginal).Span[row].ShouldBe(reaction[row] - population[row].Fit, 1e-10);
        }
    }
}
