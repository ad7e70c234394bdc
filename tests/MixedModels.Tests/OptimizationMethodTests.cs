using MixedModels.Data;

namespace MixedModels.Tests;

/// <summary>Whatever the search, the optimum and the verdict are the same.</summary>
public sealed class OptimizationMethodTests
{
    [Theory]
    [InlineData(OptimizationMethod.ExpectationMaximization, "em")]
    [InlineData(OptimizationMethod.ParameterExpandedEm, "px-em")]
    [InlineData(OptimizationMethod.DerivativeFree, "derivative-free")]
    public void Fit_ByEachMethod_ReachesTheNewtonOptimum(OptimizationMethod method, string name)
    {
        foreach (var (formula, data) in new[] { ("Reaction ~ Days + (Days | Subject)", "sleepstudy"), ("diameter ~ 1 + (1 | plate) + (1 | sample)", "Penicillin") })
        {
            var table = DataTable.Example(data);
            var newton = new LinearMixedModel(formula).Fit(table);
            var other = new LinearMixedModel(formula, new() { Optimizer = method }).Fit(table);
            other.Deviance.ShouldBe(newton.Deviance, 1e-7);
            other.Convergence.Verdict.ShouldBe(ConvergenceVerdict.Converged);
            other.Convergence.Optimizer.ShouldBe(name);
            other.Coefficients()[0].StandardError.ShouldBe(newton.Coefficients()[0].StandardError, 1e-4 * newton.Coefficients()[0].StandardError);
        }
    }

    [Fact]
    public void Fit_FromAnEarlierFit_NeedsFewerEvaluations()
    {
        var model = new LinearMixedModel("Reaction ~ Days + (Days | Subject)");
        var design = model.Prepare(DataTable.Example("sleepstudy"));
        var cold = model.Fit(design);
        var warm = model.Fit(design, cold);
        warm.Deviance.ShouldBe(cold.Deviance, 1e-8);
        warm.Convergence.Evaluations.ShouldBeLessThan(cold.Convergence.Evaluations);
    }

    [Fact]
    public void Fit_FromAFitOfOtherTerms_IsRefused()
    {
        var table = DataTable.Example("sleepstudy");
        var other = new LinearMixedModel("Reaction ~ Days + (1 | Subject)").Fit(table);
        var model = new LinearMixedModel("Reaction ~ Days + (Days | Subject)");
        Should.Throw<DataException>(() => model.Fit(model.Prepare(table), other)).Message.ShouldStartWith(
            "The start has the random terms (1 | Subject); this model has the random terms (Days | Subject).");

        // The same term in other words is the same.
        var again = new LinearMixedModel("Reaction ~ Days + (1 + Days | Subject)");
        again.Fit(again.Prepare(table), model.Fit(table)).Convergence.Verdict.ShouldBe(ConvergenceVerdict.Converged);
    }

    [Fact]
    public void Options_WithoutAThread_AreAWrongCall() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new LinearMixedModel("y ~ x", new() { Threads = 0 }));
}
