using MixedModels.Data;
using MixedModels.Families;

namespace MixedModels.Tests;

public sealed class FitProgressTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Reaction ~ Days + (Days | Subject)", OptimizationMethod.Newton, null)]
    [InlineData("Reaction ~ Days + (Days | Subject)", OptimizationMethod.ParameterExpandedEm, null)]
    [InlineData("Reaction ~ Days + (Days | Subject)", OptimizationMethod.DerivativeFree, null)]
    [InlineData("Reaction ~ Days + (1 | Subject)", OptimizationMethod.Newton, "ar1(Days | Subject)")]
    [InlineData("Reaction ~ Days", OptimizationMethod.Newton, "ar1(Days | Subject)")]
    public void Fit_LinearModel_TellsOfEveryEvaluationOfTheSearchAlone(string formula, OptimizationMethod method, string? residual)
    {
        var heard = new Heard();
        var options = new LinearMixedModelOptions { Optimizer = method, Residual = residual is null ? null : Residual.Parse(residual) };
        var fit = new LinearMixedModel(formula, options).Fit(DataTable.Example("sleepstudy"), heard, Token);
        heard.ShouldHaveCountedTo(fit.Deviance, fit.Convergence.Iterations);
        var count = heard.Evaluations.Count;
        LikelihoodProfile.Of(fit, cancellationToken: Token).Parameters.ShouldNotBeEmpty();
        heard.Evaluations.Count.ShouldBe(count);
    }

    [Fact]
    public void Fit_GeneralizedModel_TellsOfEveryEvaluationOfTheSearchAlone()
    {
        var heard = new Heard();
        var model = new GeneralizedMixedModel("cbind(incidence, size - incidence) ~ period + (1 | herd)", Family.Binomial());
        var fit = model.Fit(DataTable.Example("cbpp"), heard, Token);
        heard.ShouldHaveCountedTo(fit.Deviance, fit.Convergence.Iterations);
        var count = heard.Evaluations.Count;
        LikelihoodProfile.Of(fit, cancellationToken: Token).Parameters.ShouldNotBeEmpty();
        heard.Evaluations.Count.ShouldBe(count);
    }

    [Fact]
    public void Fit_CancelledByWhoIsTold_StopsAtTheNextEvaluation()
    {
        using var cancellation = new CancellationTokenSource();
        var heard = new Heard { OnReport = cancellation.Cancel };
        var model = new LinearMixedModel("Reaction ~ Days + (Days | Subject)");
        Should.Throw<OperationCanceledException>(() => model.Fit(DataTable.Example("sleepstudy"), heard, cancellation.Token));
        heard.Evaluations.ShouldNotBeEmpty();
    }

    /// <summary>Keeps what it is told, at once and on the same thread.</summary>
    private sealed class Heard : IProgress<FitProgress>
    {
        public Action? OnReport { get; init; }

        public List<int> Evaluations { get; } = [];

        private double Least { get; set; } = double.PositiveInfinity;

        public void Report(FitProgress value)
        {
            Evaluations.Add(value.Evaluations);
            Least = Math.Min(Least, value.Deviance);
            OnReport?.Invoke();
        }

        public void ShouldHaveCountedTo(double deviance, int iterations)
        {
            Evaluations.ShouldBe(Enumerable.Range(1, Evaluations.Count));
            Evaluations.Count.ShouldBeGreaterThanOrEqualTo(iterations);
            Least.ShouldBe(deviance, 1e-6);
        }
    }
}
