using MixedModels.Optimization;

namespace MixedModels.Tests.Optimization;

public sealed class SecantCorrectedTests
{
    /// <summary>By hand: f = x², of which A = 1 knows half. The step from 0.1 to 0.2 changes the slope by 0.2, so A + E = 2.</summary>
    [Fact]
    public void Evaluate_AfterAStep_KnowsTheCurvatureAlongIt()
    {
        var objective = new SecantCorrected(new Halved());
        objective.Evaluate([0.1]).Hessian.ShouldBe([1]);
        objective.Evaluate([0.2]).Hessian.ShouldHaveSingleItem().ShouldBe(2, 1e-14);
    }

    [Fact]
    public void Evaluate_AfterASeriesOfSteps_SatisfiesTheLastSecant()
    {
        var objective = new SecantCorrected(new Coupled());
        var before = objective.Evaluate([0.01, 0.02]);
        objective.Evaluate([0.02, 0.015]);
        var after = objective.Evaluate([0.015, 0.018]);
        var middle = objective.Evaluate([0.012, 0.02]);
        for (var i = 0; i < 2; i++)
        {
            var predicted = (middle.Hessian[i] * (0.012 - 0.015)) + (middle.Hessian[i + 2] * (0.02 - 0.018));
            predicted.ShouldBe(middle.Gradient[i] - after.Gradient[i], 1e-15);
        }

        middle.Hessian[1].ShouldBe(middle.Hessian[2], 1e-14);
        before.Hessian.ShouldBe([2, 0, 0, 3]);
    }

    /// <summary>From a decrement of 4 a step is too long to learn from.</summary>
    [Fact]
    public void Evaluate_FarFromTheMinimum_LeavesTheHessianAsItIs()
    {
        var objective = new SecantCorrected(new Halved());
        objective.Evaluate([1]);
        objective.Evaluate([0.2]).Hessian.ShouldBe([1]);
    }

    [Fact]
    public void Minimize_WithHalfTheCurvature_NeedsFewerEvaluationsThanWithout()
    {
        int Evaluations(ISmoothObjective objective) =>
            TrustRegion.Minimize(objective, objective.Evaluate([0.02, 0.01]), 0.25, 1e-20, TestContext.Current.CancellationToken).Evaluations;
        Evaluations(new SecantCorrected(new Coupled())).ShouldBeLessThan(Evaluations(new Coupled()));
    }

    private sealed class Halved : ISmoothObjective
    {
        public int Dimension => 1;

        public SmoothPoint Evaluate(ReadOnlySpan<double> theta) => new(theta.ToArray(), theta[0] * theta[0], [2 * theta[0]], [1]);
    }

    /// <summary>x² + xy/2 + 3y²/2, of whose Hessian the coupling is left out.</summary>
    private sealed class Coupled : ISmoothObjective
    {
        public int Dimension => 2;

        public SmoothPoint Evaluate(ReadOnlySpan<double> theta)
        {
            var (x, y) = (theta[0], theta[1]);
            return new([x, y], (x * x) + (0.5 * x * y) + (1.5 * y * y), [(2 * x) + (0.5 * y), (0.5 * x) + (3 * y)], [2, 0, 0, 3]);
        }
    }
}
