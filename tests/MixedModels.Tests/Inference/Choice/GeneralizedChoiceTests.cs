using MixedModels.Data;
using MixedModels.Execution;
using MixedModels.Families;
using MixedModels.Tests.Inference;

namespace MixedModels.Tests.Inference.Choice;

/// <summary>Random effects of generalized models chosen: every line is its model's own fit, and the structure that drew the data is found.</summary>
public sealed class GeneralizedChoiceTests
{
    [Theory]
    [InlineData("poisson", 1, EstimationCriterion.MaximumLikelihood)]
    [InlineData("nbinom2", 1, EstimationCriterion.MaximumLikelihood)]
    [InlineData("poisson", 3, EstimationCriterion.MaximumLikelihood)]
    [InlineData("poisson", 0, EstimationCriterion.MaximumLikelihood)]
    [InlineData("nbinom2", 1, EstimationCriterion.Reml)]
    public void Search_EveryModelTried_HasTheLikelihoodOfItsOwnFit(string family, int points, EstimationCriterion criterion)
    {
        var ticks = DataTable.Example("grouseticks");
        var options = new GeneralizedMixedModelOptions { Quadrature = points, Criterion = criterion };
        var model = new GeneralizedMixedModel("TICKS ~ cHEIGHT + factor(YEAR) + (1 | LOCATION)", FamilyCatalogue.Create(family)!, options);
        var choice = RandomEffectsChoice.Search(model, ticks, cancellationToken: TestContext.Current.CancellationToken);
        choice.Tried[0].Formula.ShouldContain("(1 + factor(YEAR) | LOCATION)");
        choice.Tried.Count.ShouldBeGreaterThan(2);
        foreach (var line in choice.Tried)
        {
            var fit = new GeneralizedMixedModel(line.Formula, model.Family, options).Fit(ticks, TestContext.Current.CancellationToken);
            line.LogLikelihood.ShouldBe(fit.LogLikelihood, 1e-6, line.Formula);
            (line.ParameterCount, line.Verdict).ShouldBe((fit.ParameterCount, fit.Convergence.Verdict));
        }

        choice.Fit.ShouldBeOfType<GeneralizedMixedModelFit>().Model.Formula.ShouldBe(choice.Formula);
        choice.Criterion.ShouldBe(criterion);
    }

    [Fact]
    public void Search_DrawnIntercepts_LeavesTheSlopeOutAndKeepsOneThatIsThere()
    {
        RandomEffectsChoice Choose(double slope)
        {
            var (random, n) = (new RandomStream(4, 0), 600);
            var (y, x, g) = (new double[n], new double[n], new string[n]);
            var effects = Enumerable.Range(0, 80).Select(_ => random.NextNormal()).ToArray();
            for (var i = 0; i < n; i++)
            {
                (x[i], g[i]) = (random.NextNormal(), "g" + (i % 40));
                y[i] = Family.Poisson().Draw(random, 1, 1, Math.Exp(0.5 + (0.3 * x[i]) + (0.6 * effects[i % 40]) + (slope * effects[40 + (i % 40)] * x[i])), []);
            }

            var table = new DataTable([new NumericColumn("y", y), new NumericColumn("x", x), Factors.Of("g", g)]);
            return RandomEffectsChoice.Search(new GeneralizedMixedModel("y ~ x + (1 | g)", Family.Poisson()), table, cancellationToken: TestContext.Current.CancellationToken);
        }

        var none = Choose(0);
        none.Formula.ShouldBe("y ~ x + (1 | g)");
        none.Tried[^1].MixturePValue!.Value.ShouldBeGreaterThan(0.2);
        var some = Choose(0.5);
        some.Formula.ShouldBe("y ~ x + (1 + x || g)");
        some.Components[0].Rank.ShouldBe(2);
    }

    [Fact]
    public void Search_EffectOfEveryRow_IsAllowedWhereRowsVaryInAKnownWay()
    {
        // Herds have a row a period: with trials its binomial variance is known, of a single yes or no nothing is.
        var cbpp = DataTable.Example("cbpp");
        cbpp = cbpp.WithColumn(new NumericColumn("several", [.. ((NumericColumn)cbpp["incidence"]).Values.ToArray().Select(count => count > 1 ? 1.0 : 0)]));
        JustifiedEffect Effect(string response, Family family) => RandomEffectsChoice.Search(
            new GeneralizedMixedModel($"{response} ~ period + (1 | herd)", family), cbpp, cancellationToken: TestContext.Current.CancellationToken).Effects[0];
        Effect("cbind(incidence, size - incidence)", Family.Binomial()).IsJustified.ShouldBeTrue();
        Effect("incidence", Family.Poisson()).IsJustified.ShouldBeTrue();
        Effect("several", Family.Binomial()).Reason.ShouldContain("nothing is left for the chance of a single yes or no");
        Effect("incidence", Family.NegativeBinomial2()).Reason.ShouldContain("nothing is left for the theta of the family nbinom2");
    }

    [Fact]
    public void Search_OnAnyNumberOfThreads_IsTheSame()
    {
        RandomEffectsChoice Choose(int threads) => RandomEffectsChoice.Search(
            new GeneralizedMixedModel("TICKS ~ cHEIGHT + factor(YEAR) + (1 | LOCATION)", Family.Poisson()), DataTable.Example("grouseticks"), new() { Threads = threads }, cancellationToken: TestContext.Current.CancellationToken);
        Choose(2).Tried.ShouldBe(Choose(1).Tried);
    }
}
