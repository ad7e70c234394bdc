using MixedModels.Data;
using MixedModels.Execution;
using MixedModels.Families;
using MixedModels.Tests.Inference;

namespace MixedModels.Tests.Prediction;

/// <summary>Intervals of new observations of generalized fits: the linear engine's where both apply, coverage, trials, refusals.</summary>
public sealed class ObservationPredictionTests
{
    private static readonly PredictionOptions observation = new() { Interval = 0.95, Uncertainty = PredictionUncertainty.Observation };

    [Fact]
    public void Predict_GaussianIdentity_IsTheLinearEngines()
    {
        var table = DataTable.Example("sleepstudy");
        var linear = new LinearMixedModel("Reaction ~ Days + (Days | Subject)", new() { Criterion = EstimationCriterion.MaximumLikelihood, DegreesOfFreedom = DegreesOfFreedom.None }).FitTo(table);
        var (own, expected) = (Fit("Reaction ~ Days + (Days | Subject)", Family.Gaussian(), table).Predict(observation), linear.Predict(observation));
        foreach (var row in new[] { 0, 57, 179 })
        {
            own[row].StandardError!.Value.ShouldBe(expected[row].StandardError!.Value, 1e-4 * expected[row].StandardError!.Value);
            own[row].Lower!.Value.ShouldBe(expected[row].Lower!.Value, 1e-3 * expected[row].StandardError!.Value);
            own[row].Upper!.Value.ShouldBe(expected[row].Upper!.Value, 1e-3 * expected[row].StandardError!.Value);
        }
    }

    [Theory]
    [InlineData("poisson")]
    [InlineData("nbinom2")]
    public void Predict_NewObservations_AreCovered(string name)
    {
        var family = FamilyCatalogue.Create(name)!;
        double[] psi = [.. family.ParameterNames.Select(_ => Math.Log(8))];
        var (random, groups, rows) = (new RandomStream(11, 0), 50, 5);
        var effects = Enumerable.Range(0, groups).Select(_ => 0.7 * random.NextNormal()).ToArray();
        var n = groups * rows;
        double Eta(double x, double b) => 2.5 + (0.4 * x) + b;
        double Draw(double eta) => family.Draw(random, 1, 1, Math.Exp(eta), psi);
        var x = Enumerable.Range(0, n).Select(_ => random.NextNormal()).ToArray();
        var table = new DataTable([
            new NumericColumn("x", x), Factors.Of("g", Enumerable.Range(0, n).Select(i => FormattableString.Invariant($"g{i % groups:00}"))),
            new NumericColumn("y", [.. Enumerable.Range(0, n).Select(i => Draw(Eta(x[i], effects[i % groups])))])]);
        var fit = Fit("y ~ x + (1 | g)", family, table);
        double Covered(IReadOnlyList<PredictedValue> predicted, Func<int, double> effect)
        {
            const int draws = 40;
            var inside = 0;
            for (var k = 0; k < draws; k++)
            {
                for (var i = 0; i < n; i++)
                {
                    var y = Draw(Eta(x[i], effect(i)));
                    if (y >= predicted[i].Lower && y <= predicted[i].Upper) inside++;
                }
            }

            return inside / (double)(draws * n);
        }

        // Discrete intervals hold at least their level; not much more at these means.
        Covered(fit.Predict(observation with { VarianceUncertainty = true }), i => effects[i % groups]).ShouldBeInRange(0.945, 0.985);
        var strangers = table.WithColumn(Factors.Of("g", Enumerable.Range(0, n).Select(_ => "new")));
        Covered(fit.Predict(strangers, observation with { NewLevels = NewLevels.Population }), _ => 0.7 * random.NextNormal()).ShouldBeInRange(0.935, 0.985);
    }

    [Fact]
    public void Predict_Binomial_IsInProportionsOfItsTrials()
    {
        var herds = DataTable.Example("cbpp");
        var fit = Fit("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial(), herds);
        var own = fit.Predict(observation);
        own.ShouldBe(fit.Predict(herds, observation));
        var size = ((NumericColumn)herds["size"]).Values.Span[3];
        (own[3].Upper!.Value * size).ShouldBe(Math.Round(own[3].Upper!.Value * size), 1e-9);
        own[3].Upper!.Value.ShouldBeInRange(own[3].Fit, 1);

        // A column of trials, or weights of a proportion, spare the new table the response.
        var byTrials = new GeneralizedMixedModel("incidence ~ period + (1 | herd)", Family.Binomial(), new() { Trials = "size" }).Fit(herds, TestContext.Current.CancellationToken);
        var planned = new DataTable([.. herds.Columns.Where(column => column.Name != "incidence")]);
        byTrials.Predict(planned, observation)[3].Upper!.Value.ShouldBe(own[3].Upper!.Value, 1e-12);
        Should.Throw<InferenceException>(() => fit.Predict(planned, observation)).Message.ShouldContain("'incidence'");
        byTrials.Predict(new DataTable([.. planned.Columns.Where(column => column.Name != "size")])).Count.ShouldBe(56);
        Should.Throw<InferenceException>(() => byTrials.Predict(new DataTable([.. planned.Columns.Where(column => column.Name != "size")]), observation)).Message.ShouldContain("'size'");
    }

    [Fact]
    public void Predict_ObservationThatIsNone_IsRefused()
    {
        var fit = Fit("TICKS ~ cHEIGHT + (1 | BROOD)", Family.Poisson(), DataTable.Example("grouseticks"));
        Should.Throw<InferenceException>(() => fit.Predict(observation with { Target = PredictionTarget.Population })).Message.ShouldContain("all random terms");
        Should.Throw<InferenceException>(() => fit.Predict(observation with { Target = PredictionTarget.Averaged })).Message.ShouldContain("--new-levels population");
        Should.Throw<InferenceException>(() => fit.Predict(observation with { Scale = PredictionScale.Link })).Message.ShouldContain("--link");
    }

    private static GeneralizedMixedModelFit Fit(string formula, Family family, DataTable table) =>
        new GeneralizedMixedModel(formula, family).Fit(table, TestContext.Current.CancellationToken);
}
