using MixedModels.Data;
using MixedModels.Tests.Data;

namespace MixedModels.Tests.Inference.Choice;

public sealed class RandomEffectsChoiceTests
{
    private static readonly DataTable machines = DataTable.Example("Machines");
    private static readonly LinearMixedModel byMachine = new("score ~ Machine + (1 | Worker)");

    [Fact]
    public void Search_EveryModelTried_HasTheLikelihoodOfItsOwnFit()
    {
        var choice = RandomEffectsChoice.Search(byMachine, machines);
        choice.Tried.Select(line => line.Formula).ShouldBe(
            ["score ~ Machine + (1 + Machine | Worker)", "score ~ Machine + (1 + Machine || Worker)", "score ~ Machine + (1 | Worker)"]);
        foreach (var line in choice.Tried)
        {
            var fit = new LinearMixedModel(line.Formula).Fit(machines);
            line.LogLikelihood.ShouldBe(fit.LogLikelihood, 1e-7);
            line.ParameterCount.ShouldBe(fit.ParameterCount);
            line.Aic.ShouldBe(fit.Aic, 1e-6);
            line.Bic.ShouldBe(fit.Bic, 1e-6);
        }
    }

    [Fact]
    public void Search_Step_HasTheTestOfTheTwoModels()
    {
        var choice = RandomEffectsChoice.Search(byMachine, machines);
        var pair = ModelComparison.Of([new LinearMixedModel(choice.Tried[1].Formula).Fit(machines), new LinearMixedModel(choice.Tried[0].Formula).Fit(machines)]).Models[1];
        var step = choice.Tried[1];
        (step.ComparedWith, step.Step, step.DegreesOfFreedom, step.MixturePValue).ShouldBe((1, "without correlations of Worker", pair.DegreesOfFreedom, null));
        step.ChiSquare!.Value.ShouldBe(pair.ChiSquare!.Value, 1e-6);
        step.PValue!.Value.ShouldBe(pair.PValue!.Value, 1e-6);

        // p = 0.27 is above 0.2 and below 0.3.
        step.Decision.ShouldBe(ChoiceDecision.Accepted);
        RandomEffectsChoice.Search(byMachine, machines, new() { Alpha = 0.3 }).Tried[1].Decision.ShouldBe(ChoiceDecision.Rejected);
    }

    [Fact]
    public void Search_OfOneSlope_DecidesByTheMixture()
    {
        var choice = RandomEffectsChoice.Search(new LinearMixedModel("Reaction ~ Days + (1 | Subject)"), DataTable.Example("sleepstudy"));
        var last = choice.Tried[^1];
        (last.Step, last.DegreesOfFreedom, last.Decision).ShouldBe(("without Days of Subject", 1, ChoiceDecision.Rejected));
        last.MixturePValue!.Value.ShouldBe(last.PValue!.Value / 2, 1e-20);
        choice.Formula.ShouldBe("Reaction ~ Days + (1 + Days || Subject)");
        choice.Fit.Deviance.ShouldBe(-2 * choice.Tried[1].LogLikelihood);
    }

    [Theory]
    [InlineData(ChoiceCriterion.Aic)]
    [InlineData(ChoiceCriterion.Bic)]
    public void Search_ByAnInformationCriterion_EndsAtTheLeastOfThoseTried(ChoiceCriterion criterion)
    {
        foreach (var (formula, example) in new[] { ("height ~ age + I(age^2) + (1 | Subject)", "Oxboys"), ("score ~ Machine + (1 | Worker)", "Machines"), ("distance ~ age * Sex + (1 | Subject)", "Orthodont") })
        {
            var choice = RandomEffectsChoice.Search(new LinearMixedModel(formula), DataTable.Example(example), new() { Criterion = criterion });
            double Value(TriedModel line) => criterion == ChoiceCriterion.Aic ? line.Aic : line.Bic;
            var chosen = choice.Tried.Last(line => line.Decision is ChoiceDecision.Accepted or ChoiceDecision.Start);
            chosen.Formula.ShouldBe(choice.Formula);
            Value(chosen).ShouldBe(choice.Tried.Min(Value), 1e-9);
        }
    }

    [Fact]
    public void Search_OfSimulatedData_FindsTheSlopeThatIsThere()
    {
        // 60 groups of 12 rows; x varies between groups with SD 0.8, z does not, and there is no correlation.
        var lines = new List<string> { "y,g,x,z" };
        for (var g = 0; g < 60; g++)
        {
            for (var i = 0; i < 12; i++) lines.Add(FormattableString.Invariant($"0,G{g},{(i % 4) - 1.5},{(i / 4) - 1}"));
        }

        var table = Tables.Read(string.Join('\n', lines) + "\n");
        var model = new LinearMixedModel("y ~ x + z + (1 + x || g)");
        var parameters = new LinearParameters
        {
            Coefficients = [1, 0.5, 0.3],
            Covariances = [new(2, 2, [1, 0, 0, 0.64])],
            Sigma = 1,
        };
        var y = model.Simulate(table, parameters, replicates: 1, seed: 3);
        var data = table.WithColumn(new NumericColumn("y", y.Values.ToArray()));
        var choice = RandomEffectsChoice.Search(new LinearMixedModel("y ~ x + z + (1 | g)"), data);
        choice.Tried[0].Formula.ShouldBe("y ~ x + z + (1 + x + z | g)");
        choice.Formula.ShouldBe("y ~ x + z + (1 + x || g)");
        choice.Components[0].Rank.ShouldBe(2);
    }

    [Fact]
    public void Search_OnAnyNumberOfThreads_GivesTheSameBits()
    {
        var table = DataTable.Example("Oxboys");
        var model = new LinearMixedModel("height ~ age + I(age^2) + I(age^3) + (1 | Subject)");
        var one = RandomEffectsChoice.Search(model, table, new() { Threads = 1 });
        var many = RandomEffectsChoice.Search(model, table, new() { Threads = 5 });
        many.Tried.ShouldBe(one.Tried);
        many.Fit.Deviance.ShouldBe(one.Fit.Deviance);
        one.Tried.Count.ShouldBeGreaterThan(3);
    }

    [Fact]
    public void Search_FromTheFormula_KeepsItsEffectsAlone()
    {
        var choice = RandomEffectsChoice.Search(new LinearMixedModel("distance ~ age * Sex + (age || Subject)"), DataTable.Example("Orthodont"), new() { Start = ChoiceStart.Formula });
        choice.Tried[0].Formula.ShouldBe("distance ~ age * Sex + (1 + age || Subject)");
    }

    [Fact]
    public void Search_OfModelsOfOtherRows_UsesTheRowsOfAll()
    {
        // z, written as a slope alone, has no value in one row.
        var lines = new List<string> { "y,g,x,z" };
        for (var r = 0; r < 48; r++) lines.Add(FormattableString.Invariant($"{Math.Sin(r * r)},G{r / 8},{r % 8},{(r == 5 ? "NA" : (r * r % 5).ToString(System.Globalization.CultureInfo.InvariantCulture))}"));
        var table = Tables.Read(string.Join('\n', lines) + "\n");
        var choice = RandomEffectsChoice.Search(new LinearMixedModel("y ~ x + (z | g)"), table);
        choice.Fit.Observations.ShouldBe(47);
        choice.Findings.ShouldContain(finding => finding.Rule == "rows" && finding.What.StartsWith("1 more rows", StringComparison.Ordinal));
    }

    [Fact]
    public void Search_Cancelled_Stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Should.Throw<OperationCanceledException>(() => RandomEffectsChoice.Search(byMachine, machines, cancellationToken: source.Token));
    }

    [Fact]
    public void Search_ReportsEveryModelOnce()
    {
        var seen = new Seen();
        var choice = RandomEffectsChoice.Search(byMachine, machines, progress: seen);
        seen.Lines.ShouldBe(choice.Tried);
    }

    [Fact]
    public void Search_WithoutAGroup_IsRefused() =>
        Should.Throw<InferenceException>(() => RandomEffectsChoice.Search(new LinearMixedModel("score ~ Machine"), machines))
            .Message.ShouldContain("no random term to choose effects for; name the groups, as in score ~ Machine + (1 | group).");

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void Search_LevelOutsideItsRange_IsRefused(double alpha) =>
        Should.Throw<ArgumentOutOfRangeException>(() => RandomEffectsChoice.Search(byMachine, machines, new() { Alpha = alpha }));

    private sealed class Seen : IProgress<TriedModel>
    {
        public List<TriedModel> Lines { get; } = [];

        public void Report(TriedModel value) => Lines.Add(value);
    }
}
