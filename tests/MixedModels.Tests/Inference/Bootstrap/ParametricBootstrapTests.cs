using MixedModels.Data;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.Inference.Bootstrap;

public sealed class ParametricBootstrapTests
{
    [Theory]
    [InlineData("sleepstudy", "Reaction ~ Days + (Days | Subject)", "Reaction")]
    [InlineData("sleepstudy", "Reaction ~ offset(I(10 * Days)) + poly(Days, 2) + (Days || Subject)", "Reaction")]
    [InlineData("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)", "diameter")]
    [InlineData("Pastes", "strength ~ 1 + (1 | batch) + (1 | sample)", "strength")]
    [InlineData("Dyestuff2", "Yield ~ 1 + (1 | Batch)", "Yield")]
    [InlineData("Machines", "score ~ Machine + (0 + Machine | Worker)", "score")]
    public void Run_Parameters_AreThoseOfSimulatingAndFittingOneByOne(string example, string formula, string response)
    {
        const int Replicates = 12;
        var data = DataTable.Example(example);
        var model = new LinearMixedModel(formula);
        var fit = model.FitTo(data);
        var draws = ParametricBootstrap.Run(fit, new() { Replicates = Replicates, Seed = 11 });
        draws.Failures.ShouldBeEmpty();
        var simulated = fit.Simulate(Replicates, 11);
        for (var k = 0; k < Replicates; k++)
        {
            var refit = model.FitTo(data.WithColumn(new NumericColumn(response, [.. Column(simulated, k)])));
            SameParameters(Row(draws.Values(), k), refit);
        }
    }

    [Fact]
    public void Run_WeightedRowsWithGaps_DrawsTheRowsUsed()
    {
        var table = DataTable.Example("sleepstudy");
        var days = ((NumericColumn)table["Days"]).Values.ToArray();
        days[4] = double.NaN;
        var weights = Enumerable.Range(0, 180).Select(r => 1.0 + (r % 3)).ToArray();
        var data = table.WithColumn(new NumericColumn("Days", days)).WithColumn(new NumericColumn("w", weights));
        var model = new LinearMixedModel("Reaction ~ Days + (1 | Subject)", new() { Weights = "w", Criterion = EstimationCriterion.MaximumLikelihood });
        var fit = model.FitTo(data);
        var draws = ParametricBootstrap.Run(fit, new() { Replicates = 3, Seed = 2 }).Values();
        var simulated = fit.Simulate(3, 2);
        for (var k = 0; k < 3; k++)
        {
            var reaction = new double[180];
            for (var r = 0; r < fit.Observations; r++) reaction[fit.Design.Rows.Span[r]] = simulated[r, k];
            SameParameters(Row(draws, k), model.FitTo(data.WithColumn(new NumericColumn("Reaction", reaction))));
        }
    }

    [Theory]
    [InlineData("sleepstudy", "Reaction ~ Days + (Days | Subject)")]
    [InlineData("Penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)")]
    public void Run_AnyNumberOfThreads_GivesTheSameBits(string example, string formula)
    {
        var fit = FittedExamples.Of(formula, example);
        var one = Values(ParametricBootstrap.Run(fit, new() { Replicates = 40, Seed = 3, Threads = 1 }));
        Values(ParametricBootstrap.Run(fit, new() { Replicates = 40, Seed = 3, Threads = 2 })).ShouldBe(one);
        Values(ParametricBootstrap.Run(fit, new() { Replicates = 40, Seed = 3, Threads = 5 })).ShouldBe(one);
    }

    [Fact]
    public void Run_MoreReplicates_BeginWithTheSameOnes()
    {
        var fit = Sleep();
        var few = ParametricBootstrap.Run(fit, new() { Replicates = 5, Seed = 4 }).Values();
        var many = ParametricBootstrap.Run(fit, new() { Replicates = 9, Seed = 4 }).Values();
        for (var k = 0; k < 5; k++) Row(many, k).ShouldBe(Row(few, k));
        Row(many, 0).ShouldNotBe(Row(ParametricBootstrap.Run(fit, new() { Replicates = 1, Seed = 5 }).Values(), 0));
    }

    [Fact]
    public void Run_CancelledHalfWay_KeepsWhatIsDoneAndIsTakenUpAgain()
    {
        var fit = Sleep();
        using var cancellation = new CancellationTokenSource();
        var progress = new Inline(report =>
        {
            if (report.Done >= 100) cancellation.Cancel();
        });
        var part = ParametricBootstrap.Run(fit, new() { Replicates = 200, Seed = 6 }, progress, cancellation.Token);
        part.IsComplete.ShouldBeFalse();
        part.Completed.ShouldBeInRange(100, 150);
        part.Findings().Count(finding => finding.Rule == "incomplete").ShouldBe(1);

        var file = Path.GetTempFileName();
        try
        {
            part.Save(file);
            var rest = ParametricBootstrap.Run(fit, new() { Replicates = 200, Seed = 6, Resume = ParametricBootstrap.Load(file) });
            rest.IsComplete.ShouldBeTrue();
            var whole = ParametricBootstrap.Run(fit, new() { Replicates = 200, Seed = 6 });
            Values(rest).ShouldBe(Values(whole));
            rest.Intervals(BootstrapInterval.BiasCorrected).ShouldBe(whole.Intervals(BootstrapInterval.BiasCorrected));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Run_ReportsProgressToTheEnd()
    {
        var reports = new List<BootstrapProgress>();
        ParametricBootstrap.Run(Sleep(), new() { Replicates = 300, Seed = 1, Threads = 2 }, new Inline(reports.Add));
        reports.Count.ShouldBeInRange(2, 100);
        reports[^1].Total.ShouldBe(300);
        reports.Max(report => report.Done).ShouldBe(300);
    }

    [Fact]
    public void Run_ResumedFromAnothersDraws_IsRefused()
    {
        var fit = Sleep();
        var earlier = ParametricBootstrap.Run(fit, new() { Replicates = 2, Seed = 1 });
        var other = FittedExamples.Of("Reaction ~ Days + (1 | Subject)", "sleepstudy");
        Should.Throw<InferenceException>(() => ParametricBootstrap.Run(fit, new() { Replicates = 2, Seed = 2, Resume = earlier })).Message.ShouldContain("seed 1, not 2");
        Should.Throw<InferenceException>(() => ParametricBootstrap.Run(other, new() { Replicates = 2, Seed = 1, Resume = earlier })).Message.ShouldContain("another fit");
        Should.Throw<InferenceException>(() => ParametricBootstrap.Run(fit, ["s"], own => [own.Sigma], new() { Replicates = 2, Seed = 1, Resume = earlier }))
            .Message.ShouldContain("not of s");
    }

    [Fact]
    public void Run_AStatistic_SeesWholeFitsThatStayValid()
    {
        var fit = Sleep();
        var kept = new List<LinearMixedModelFit>();
        string[] names = ["slope", "sigma", "first mode"];
        double[] Statistic(LinearMixedModelFit own)
        {
            lock (kept) kept.Add(own);
            return [own.Parameters.Coefficients[1], own.Sigma, own.ConditionalModes()[0].Modes[0, 0]];
        }

        var draws = ParametricBootstrap.Run(fit, names, Statistic, new() { Replicates = 6, Seed = 8, Threads = 1 });
        var parameters = ParametricBootstrap.Run(fit, new() { Replicates = 6, Seed = 8 }).Values();
        draws.Estimates[1].ShouldBe(fit.Sigma);
        for (var k = 0; k < 6; k++)
        {
            draws.Values()[k, 0].ShouldBe(parameters[k, 1], 1e-6 * Math.Abs(parameters[k, 1]));
            draws.Values()[k, 1].ShouldBe(parameters[k, 5], 1e-6 * parameters[k, 5]);

            // What is computed later than the call is still of that replicate: the first fit kept is the original one.
            kept[k + 1].ConditionalModes()[0].Modes[0, 0].ShouldBe(draws.Values()[k, 2], 1e-9);
            kept[k + 1].Residuals().ToArray().ShouldNotBe(fit.Residuals().ToArray());
        }
    }

    [Fact]
    public void Run_AStatisticOfAnotherLength_IsRefused() =>
        Should.Throw<InferenceException>(() => ParametricBootstrap.Run(Sleep(), ["a", "b"], _ => [1.0], new() { Seed = 1 })).Message.ShouldContain("1 values for 2 names");

    [Fact]
    public void Run_WithoutReplicatesThreadsOrNames_IsAWrongCall()
    {
        var fit = Sleep();
        Should.Throw<ArgumentOutOfRangeException>(() => ParametricBootstrap.Run(fit, new() { Seed = 1, Replicates = 0 }));
        Should.Throw<ArgumentOutOfRangeException>(() => ParametricBootstrap.Run(fit, new() { Seed = 1, Threads = 0 }));
        Should.Throw<ArgumentException>(() => ParametricBootstrap.Run(fit, [], _ => [], new() { Seed = 1 }));
    }

    private static LinearMixedModelFit Sleep() => FittedExamples.Of("Reaction ~ Days + (Days | Subject)", "sleepstudy");

    private static double[] Values(ParametricBootstrap bootstrap) => bootstrap.Values().Values.ToArray();

    private static IEnumerable<double> Column(Matrix matrix, int column) => Enumerable.Range(0, matrix.Rows).Select(row => matrix[row, column]);

    private static double[] Row(Matrix matrix, int row) => [.. Enumerable.Range(0, matrix.Columns).Select(column => matrix[row, column])];

    /// <summary>Two searches from different starts end within their tolerance of each other.</summary>
    private static void SameParameters(double[] draw, LinearMixedModelFit refit)
    {
        var next = 0;
        foreach (var coefficient in refit.Parameters.Coefficients) draw[next++].ShouldBe(coefficient, 1e-5 * refit.Sigma);
        foreach (var term in refit.RandomTerms)
        {
            foreach (var deviation in term.StandardDeviations) draw[next++].ShouldBe(deviation, 1e-4 * (deviation + refit.Sigma));
            for (var i = 0; i < term.ColumnNames.Count && term.Structure != "diag"; i++)
            {
                for (var j = i + 1; j < term.ColumnNames.Count; j++) draw[next++].ShouldBe(term.Correlations[j, i], 1e-3);
            }
        }

        draw[next].ShouldBe(refit.Sigma, 1e-5 * refit.Sigma);
    }

    /// <summary>Reports on the thread that reports: nothing is left under way when the run returns.</summary>
    private sealed class Inline(Action<BootstrapProgress> action) : IProgress<BootstrapProgress>
    {
        public void Report(BootstrapProgress value) => action(value);
    }
}
