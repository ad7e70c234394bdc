using MixedModels.Data;
using MixedModels.Estimation.Linear;
using MixedModels.Tests.Estimation.Linear;

namespace MixedModels.Tests;

public sealed class LinearMixedModelTests
{
    private static readonly LinearMixedModelOptions ml = new() { Criterion = EstimationCriterion.MaximumLikelihood };

    [Fact]
    public void Fit_Sleepstudy_WidensTheErrorOfASlopeThatVariesBetweenSubjects()
    {
        var table = DataTable.Example("sleepstudy");
        var mixed = Fit("Reaction ~ Days + (Days | Subject)", table, ml);
        var ordinary = Fit("Reaction ~ Days", table);
        mixed.Coefficients()[1].StandardError.ShouldBe(1.502, 5e-4);
        ordinary.Coefficients()[1].StandardError.ShouldBe(1.238, 5e-4);
        ordinary.Coefficients()[1].Estimate.ShouldBe(mixed.Coefficients()[1].Estimate, 1e-9, "in balanced data the slopes agree");
    }

    [Fact]
    public void Fit_WithoutRandomTerms_IsTheRegressionWorkedByHand()
    {
        // Means 1.5 and 4, Sxx = 5, Sxy = 11: slope 2.2, intercept 0.7, residuals 0.3, 0.1, −1.1, 0.7, whose squares sum to 1.8.
        var table = new DataTableBuilder().Add("x", new[] { 0, 1, 2, 3 }).Add("y", new[] { 1, 3, 4, 8 }).Build();
        var fit = Fit("y ~ x", table);
        fit.Coefficients()[0].Estimate.ShouldBe(0.7, 1e-13);
        fit.Coefficients()[1].Estimate.ShouldBe(2.2, 1e-13);
        fit.Coefficients()[0].StandardError.ShouldBe(Math.Sqrt(0.9 * ((1 / 4.0) + (1.5 * 1.5 / 5))), 1e-13);
        fit.Coefficients()[1].StandardError.ShouldBe(Math.Sqrt(0.9 / 5), 1e-13);
        fit.Sigma.ShouldBe(Math.Sqrt(1.8 / 2), 1e-13);

        // |X'X| = n Sxx = 20.
        fit.Deviance.ShouldBe((2 * (1 + Math.Log(2 * Math.PI * 0.9))) + Math.Log(20), 1e-12);
        fit.ParameterCount.ShouldBe(3);
        fit.RandomTerms.ShouldBeEmpty();
        fit.Residuals().ToArray().Zip([0.3, 0.1, -1.1, 0.7]).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-13);

        var byLikelihood = Fit("y ~ x", table, ml);
        byLikelihood.Sigma.ShouldBe(Math.Sqrt(1.8 / 4), 1e-13);
        byLikelihood.Deviance.ShouldBe(4 * (1 + Math.Log(2 * Math.PI * 0.45)), 1e-12);
    }

    [Fact]
    public void Fit_BalancedOneWay_HasTheEstimatorsOfTheAnalysisOfVariance()
    {
        // Dyestuff, 6 batches of 5: where MSB > MSW, REML is sigma² = MSW and (MSB − MSW)/5 between batches.
        const int Batches = 6, Size = 5;
        var yields = ((NumericColumn)DataTable.Example("Dyestuff")["Yield"]).Values.ToArray();
        var means = yields.Chunk(Size).Select(batch => batch.Average()).ToArray();
        var mean = means.Average();
        var between = Size * means.Sum(m => (m - mean) * (m - mean)) / (Batches - 1);
        var within = yields.Chunk(Size).Zip(means, (batch, m) => batch.Sum(y => (y - m) * (y - m))).Sum() / (Batches * (Size - 1));

        var fit = Fit("Yield ~ 1 + (1 | Batch)", DataTable.Example("Dyestuff"));
        (fit.Sigma * fit.Sigma).ShouldBe(within, 1e-7 * within);
        fit.RandomTerms[0].Covariance[0, 0].ShouldBe((between - within) / Size, 1e-6 * between);
        fit.Coefficients()[0].Estimate.ShouldBe(mean, 1e-10 * mean);
        fit.Coefficients()[0].StandardError.ShouldBe(Math.Sqrt(between / (Batches * Size)), 1e-6 * mean);
        var shrinkage = 1 - (within / between);
        for (var b = 0; b < Batches; b++)
            fit.ConditionalModes()[0].Modes[b, 0].ShouldBe(shrinkage * (means[b] - mean), 1e-5);
        fit.Convergence.Verdict.ShouldBe(ConvergenceVerdict.Converged);
    }

    [Fact]
    public void Fit_OneWayWithLessVariationBetweenThanWithin_LiesOnTheBoundary()
    {
        var fit = Fit("Yield ~ 1 + (1 | Batch)", DataTable.Example("Dyestuff2"));
        fit.IsSingular.ShouldBeTrue();
        fit.RandomTerms[0].StandardDeviations[0].ShouldBe(0);
        fit.Convergence.Verdict.ShouldBe(ConvergenceVerdict.Boundary);
        fit.Convergence.MinimumConeEigenvalue!.Value.ShouldBeGreaterThan(0);
        fit.Findings.ShouldHaveSingleItem().Rule.ShouldBe("singular");
        var ordinary = Fit("Yield ~ 1", DataTable.Example("Dyestuff2"));
        fit.Deviance.ShouldBe(ordinary.Deviance, 1e-10);
        fit.Sigma.ShouldBe(ordinary.Sigma, 1e-10);
    }

    [Fact]
    public void Fit_Classrooms_EqualsTheDenseOptimumAndFindsTheEffects()
    {
        const double NoiseEffect = -3, BoyEffect = 2;
        var fit = Fit("score ~ noise + gender + (1 | classroom)", Classrooms(NoiseEffect, BoyEffect));

        var dense = new DenseReference(LinearData.From(fit.Design));
        var relative = GoldenSection(log => dense.Deviance([[Math.Exp(log)]], reml: true), Math.Log(1e-4), Math.Log(1e3));
        fit.Deviance.ShouldBe(dense.Deviance([[Math.Exp(relative)]], reml: true), 1e-8);
        for (var j = 0; j < 3; j++) fit.Coefficients()[j].Estimate.ShouldBe(dense.Beta[j], 1e-4 * fit.Coefficients()[j].StandardError);
        fit.Sigma.ShouldBe(Math.Sqrt(dense.SigmaSquared), 1e-5);
        fit.RandomTerms[0].StandardDeviations[0].ShouldBe(Math.Sqrt(Math.Exp(relative) * dense.SigmaSquared), 1e-4);

        fit.RandomTerms[0].LevelCount.ShouldBe(4);
        fit.Coefficients().Select(row => row.Name).ShouldBe(["(Intercept)", "noise", "genderM"]);
        Math.Abs(fit.Coefficients()[1].Estimate - NoiseEffect).ShouldBeLessThan(2 * fit.Coefficients()[1].StandardError);
        Math.Abs(fit.Coefficients()[2].Estimate - BoyEffect).ShouldBeLessThan(2 * fit.Coefficients()[2].StandardError);
        fit.Coefficients()[1].Statistic.ShouldBeLessThan(-3);
    }

    [Fact]
    public void Fit_TheSameTermTwice_SaysThatTheyCannotBeToldApart()
    {
        var table = DataTable.Example("Dyestuff").WithColumn(new FactorColumn("Copy", ["a", "b", "c", "d", "e", "f"], [.. Enumerable.Range(0, 30).Select(r => r / 5)]));
        var twice = Fit("Yield ~ 1 + (1 | Batch) + (1 | Copy)", table);
        var once = Fit("Yield ~ 1 + (1 | Batch)", table);
        twice.Convergence.Verdict.ShouldBe(ConvergenceVerdict.NotIdentified);
        var finding = twice.Findings.ShouldHaveSingleItem();
        (finding.Rule, finding.Severity).ShouldBe(("not-identified", FindingSeverity.Warning));
        finding.What.ShouldContain("(1 | Batch) and (1 | Copy)");
        twice.Deviance.ShouldBe(once.Deviance, 1e-7);
        twice.RandomTerms.Sum(term => term.Covariance[0, 0]).ShouldBe(once.RandomTerms[0].Covariance[0, 0], 0.1);
    }

    [Fact]
    public void Fit_Offset_EqualsSubtractingItFromTheResponse()
    {
        var table = DataTable.Example("sleepstudy");
        var days = ((NumericColumn)table["Days"]).Values.ToArray();
        var reaction = ((NumericColumn)table["Reaction"]).Values.ToArray();
        var less = table.WithColumn(new NumericColumn("Reaction", [.. reaction.Zip(days, (y, d) => y - (10 * d))]));
        var without = Fit("Reaction ~ Days + (Days | Subject)", less);
        var inFormula = Fit("Reaction ~ Days + offset(10 * Days) + (Days | Subject)", table);
        var inOptions = Fit("Reaction ~ Days + (Days | Subject)", table, new() { Offsets = ["10 * Days"] });
        ShouldAgree(inFormula, without);
        ShouldAgree(inOptions, without);
        for (var r = 0; r < 180; r++) inFormula.FittedValues.Span[r].ShouldBe(without.FittedValues.Span[r] + (10 * days[r]), 1e-6);
    }

    [Fact]
    public void Fit_AllWeightsTwo_ChangesTheResidualVarianceOfAUnitWeightAlone()
    {
        var table = DataTable.Example("sleepstudy").WithColumn(new NumericColumn("w", [.. Enumerable.Repeat(2.0, 180)]));
        var plain = Fit("Reaction ~ Days + (Days | Subject)", table);
        var weighted = Fit("Reaction ~ Days + (Days | Subject)", table, new() { Weights = "w" });
        weighted.Sigma.ShouldBe(Math.Sqrt(2) * plain.Sigma, 1e-5);
        weighted.Deviance.ShouldBe(plain.Deviance, 1e-8);
        ShouldAgree(weighted, plain, sameSigma: false);
        weighted.Residuals(ResidualKind.Scaled).Span[0].ShouldBe(plain.Residuals(ResidualKind.Scaled).Span[0], 1e-6);
    }

    [Fact]
    public void Fit_RowsInAnotherOrder_IsTheSameFit()
    {
        var table = DataTable.Example("sleepstudy");
        var rows = Enumerable.Range(0, 180).ToArray();
        new Random(4).Shuffle(rows);
        ShouldAgree(Fit("Reaction ~ Days + (Days | Subject)", table.SelectRows(rows)), Fit("Reaction ~ Days + (Days | Subject)", table));
    }

    [Fact]
    public void Fit_ResponseInSmallerUnits_ScalesTheResults()
    {
        var table = DataTable.Example("sleepstudy");
        var seconds = Fit("Reaction ~ Days + (Days | Subject)", table);
        var milliseconds = Fit("I(1000 * Reaction) ~ Days + (Days | Subject)", table);
        milliseconds.Deviance.ShouldBe(seconds.Deviance + (2 * 178 * Math.Log(1000)), 1e-7);
        milliseconds.Sigma.ShouldBe(1000 * seconds.Sigma, 1e-3);
        for (var j = 0; j < 2; j++)
        {
            milliseconds.Coefficients()[j].Estimate.ShouldBe(1000 * seconds.Coefficients()[j].Estimate, 1e-4);
            milliseconds.Coefficients()[j].StandardError.ShouldBe(1000 * seconds.Coefficients()[j].StandardError, 1e-2);
            milliseconds.RandomTerms[0].StandardDeviations[j].ShouldBe(1000 * seconds.RandomTerms[0].StandardDeviations[j], 1e-1);
        }

        milliseconds.RandomTerms[0].Correlations[0, 1].ShouldBe(seconds.RandomTerms[0].Correlations[0, 1], 1e-5);
    }

    [Fact]
    public void Fit_MissingValues_DropsTheRowsOfTheColumnsUsed()
    {
        var table = new DataTableBuilder()
            .Add("y", [1.2, double.NaN, 3.1, 4.5, 2.2, 3.9, 5.1, 6.4])
            .Add("x", [1.0, 2, double.NaN, 4, 1, 2, 3, 4])
            .Add("unused", [double.NaN, 1, 1, 1, double.NaN, 1, 1, 1])
            .Add("g", new[] { "a", "a", "a", "a", "b", "b", "b", null })
            .Build();
        var fit = Fit("y ~ x + (1 | g)", table);
        fit.Observations.ShouldBe(5);
        fit.DroppedRows.ShouldBe(3);
        fit.Design.Rows.ToArray().ShouldBe([0, 3, 4, 5, 6]);
        fit.FittedValues.Length.ShouldBe(5);
    }

    [Fact]
    public void Fit_MoreFixedEffectsThanRows_IsRefused()
    {
        var table = new DataTableBuilder().Add("y", [1.0, 2.5]).Add("x", [1.0, 2]).Build();
        Should.Throw<DataException>(() => Fit("y ~ x", table)).Message.ShouldContain("2 independent fixed effects for 2 complete rows");
    }

    [Fact]
    public void Fit_ResponseInTheSpanOfTheFixedEffects_IsRefused()
    {
        var table = new DataTableBuilder().Add("y", [3.0, 5, 7, 9]).Add("x", [1.0, 2, 3, 4]).Add("g", new[] { "a", "b", "a", "b" }).Build();
        Should.Throw<DataException>(() => Fit("y ~ x + (1 | g)", table)).Message.ShouldContain("reproduce the response 'y' exactly");
    }

    [Fact]
    public void Fit_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Should.Throw<OperationCanceledException>(() =>
            new LinearMixedModel("Reaction ~ Days + (Days | Subject)").Fit(DataTable.Example("sleepstudy"), source.Token));
    }

    private static LinearMixedModelFit Fit(string formula, DataTable table, LinearMixedModelOptions? options = null) =>
        new LinearMixedModel(formula, options).Fit(table, TestContext.Current.CancellationToken);

    /// <summary>Four classrooms of 5, 4, 5 and 4 pupils at noise levels 10, 4, 6 and 8.</summary>
    private static DataTable Classrooms(double noiseEffect, double boyEffect)
    {
        var random = new Random(2026);
        int[] sizes = [5, 4, 5, 4], noiseLevels = [10, 4, 6, 8];
        var (scores, noise, genders, classrooms) = (new List<double>(), new List<int>(), new List<string>(), new List<string>());
        for (var c = 0; c < sizes.Length; c++)
        {
            var effect = 1.5 * RandomProblem.Normal(random);
            for (var pupil = 0; pupil < sizes[c]; pupil++)
            {
                var isBoy = pupil % 2 == 0;
                scores.Add(80 + (noiseEffect * noiseLevels[c]) + (isBoy ? boyEffect : 0) + effect + RandomProblem.Normal(random));
                noise.Add(noiseLevels[c]);
                genders.Add(isBoy ? "M" : "F");
                classrooms.Add($"room {c + 1}");
            }
        }

        return new DataTableBuilder().Add("score", scores).Add("noise", noise).Add("gender", genders).Add("classroom", classrooms).Build();
    }

    private static double GoldenSection(Func<double, double> function, double low, double high)
    {
        var share = (Math.Sqrt(5) - 1) / 2;
        while (high - low > 1e-7)
        {
            var (left, right) = (high - (share * (high - low)), low + (share * (high - low)));
            if (function(left) < function(right)) high = right;
            else low = left;
        }

        return 0.5 * (low + high);
    }

    private static void ShouldAgree(LinearMixedModelFit fit, LinearMixedModelFit other, bool sameSigma = true)
    {
        fit.Deviance.ShouldBe(other.Deviance, 1e-8);
        if (sameSigma) fit.Sigma.ShouldBe(other.Sigma, 1e-5 * other.Sigma);
        for (var j = 0; j < other.Coefficients().Count; j++)
        {
            var expected = other.Coefficients()[j];
            fit.Coefficients()[j].Name.ShouldBe(expected.Name);
            fit.Coefficients()[j].StandardError.ShouldBe(expected.StandardError, 1e-5 * expected.StandardError);
            fit.Coefficients()[j].Estimate.ShouldBe(expected.Estimate, 1e-5 * expected.StandardError);
        }

        for (var t = 0; t < other.RandomTerms.Count; t++)
        {
            for (var i = 0; i < other.RandomTerms[t].ColumnNames.Count; i++)
                fit.RandomTerms[t].StandardDeviations[i].ShouldBe(other.RandomTerms[t].StandardDeviations[i], 1e-5 * other.Sigma);
        }
    }
}
