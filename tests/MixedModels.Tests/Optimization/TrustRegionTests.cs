using MixedModels.LinearAlgebra;
using MixedModels.Optimization;

namespace MixedModels.Tests.Optimization;

public sealed class TrustRegionTests
{
    private const double Tolerance = 1e-12;

    [Fact]
    public void Minimize_Rosenbrock_EndsAtOneOne()
    {
        var objective = new Objective(2, t => new(
            t,
            (100 * Square(t[1] - Square(t[0]))) + Square(1 - t[0]),
            [(-400 * t[0] * (t[1] - Square(t[0]))) - (2 * (1 - t[0])), 200 * (t[1] - Square(t[0]))],
            [(1200 * Square(t[0])) - (400 * t[1]) + 2, -400 * t[0], -400 * t[0], 200]));
        var result = Minimize(objective, -1.2, 1);
        result.Converged.ShouldBeTrue();
        result.Point.Theta[0].ShouldBe(1, 1e-6);
        result.Point.Theta[1].ShouldBe(1, 1e-6);
        result.Evaluations.ShouldBe(objective.Evaluations - 1);
        result.Evaluations.ShouldBeLessThan(60);
        result.Iterations.ShouldBeLessThan(result.Evaluations);
    }

    [Fact]
    public void Minimize_ConvexQuadratic_TakesOneNewtonStep()
    {
        var result = Minimize(new Objective(2, t => new(t, Square(t[0] - 0.5) + (4 * Square(t[1])), [2 * (t[0] - 0.5), 8 * t[1]], [2, 0, 0, 8])), 0, 0.25);
        result.Converged.ShouldBeTrue();
        result.Iterations.ShouldBe(1);
        result.Point.Theta[0].ShouldBe(0.5, 1e-15);
        result.Point.Theta[1].ShouldBe(0, 1e-15);
    }

    /// <summary>x⁴/4 − x²/2 + y² has a saddle at the origin, where a plain Newton step ends, and minima of −1/4 at x = ±1.</summary>
    [Theory]
    [InlineData(1e-3)]
    [InlineData(-1e-3)]
    public void Minimize_StartBesideASaddle_LeavesIt(double start)
    {
        var objective = new Objective(2, t => new(
            t,
            (Square(Square(t[0])) / 4) - (Square(t[0]) / 2) + Square(t[1]),
            [(t[0] * Square(t[0])) - t[0], 2 * t[1]],
            [(3 * Square(t[0])) - 1, 0, 0, 2]));
        var result = Minimize(objective, start, 0.5);
        result.Converged.ShouldBeTrue();
        result.Point.Theta[0].ShouldBe(Math.Sign(start), 1e-6);
        result.Point.Value.ShouldBe(-0.25, 1e-12);
    }

    [Fact]
    public void Minimize_FlatDirection_ConvergesAcrossItAndStaysAlongIt()
    {
        var objective = new Objective(2, t => new(t, Square(t[0] + t[1]), [2 * (t[0] + t[1]), 2 * (t[0] + t[1])], [2, 2, 2, 2]));
        var result = Minimize(objective, 3, 1);
        result.Converged.ShouldBeTrue();
        result.Point.Value.ShouldBe(0, 1e-12);

        // Rounding of the slope, 1e-16, over the least curvature that is taken for real, 4e-11.
        (result.Point.Theta[0] - result.Point.Theta[1]).ShouldBe(2, 1e-3);
    }

    /// <summary>x − log(x − 5) from x = 10: the Newton step is −20, cut to −10, still in x ≤ 5 where the function is not defined.</summary>
    [Fact]
    public void Minimize_StepOutsideTheDomain_ShortensIt()
    {
        var visitedOutside = false;
        var objective = new Objective(1, t =>
        {
            if (t[0] > 5) return new(t, t[0] - Math.Log(t[0] - 5), [1 - (1 / (t[0] - 5))], [1 / Square(t[0] - 5)]);
            visitedOutside = true;
            return new(t, double.NaN, [], []);
        });
        var result = Minimize(objective, 10);
        visitedOutside.ShouldBeTrue();
        result.Converged.ShouldBeTrue();
        result.Point.Theta[0].ShouldBe(6, 1e-5);
        double.IsFinite(result.Point.Value).ShouldBeTrue();
    }

    [Fact]
    public void Minimize_SlopeWithoutCurvature_IsNoMinimum()
    {
        var result = Minimize(new Objective(1, t => new(t, -t[0], [-1], [0])), 0);
        result.Converged.ShouldBeFalse();
        result.Point.Theta[0].ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Minimize_WithoutAMinimum_StopsUnconverged()
    {
        var result = Minimize(new Objective(1, t => new(t, -t[0], [-1], [1e-3])), 0);
        result.Converged.ShouldBeFalse();
        result.Evaluations.ShouldBeLessThanOrEqualTo(500);
    }

    [Fact]
    public void Minimize_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var objective = new Objective(1, t => new(t, Square(t[0]), [2 * t[0]], [2]));
        Should.Throw<OperationCanceledException>(() => TrustRegion.Minimize(objective, objective.Evaluate([1]), 1, Tolerance, source.Token));
    }

    private static TrustRegionResult Minimize(Objective objective, params double[] start) =>
        TrustRegion.Minimize(objective, objective.Evaluate(start), Math.Max(1, Vectors.Norm(start)), Tolerance, TestContext.Current.CancellationToken);

    private static double Square(double x) => x * x;

    private sealed class Objective(int dimension, Func<double[], SmoothPoint> function) : ISmoothObjective
    {
        public int Dimension => dimension;

        public int Evaluations { get; private set; }

        public SmoothPoint Evaluate(ReadOnlySpan<double> theta)
        {
            Evaluations++;
            return function(theta.ToArray());
        }
    }
}
