using MixedModels.Optimization;

namespace MixedModels.Tests.Optimization;

public sealed class NelderMeadTests
{
    [Fact]
    public void Minimize_Rosenbrock_EndsAtOneOne()
    {
        var result = Minimize(t => (100 * Math.Pow(t[1] - (t[0] * t[0]), 2)) + Math.Pow(1 - t[0], 2), [-1.2, 1], 1e-14, 5000);
        result.Converged.ShouldBeTrue();
        result.Theta[0].ShouldBe(1, 1e-5);
        result.Theta[1].ShouldBe(1, 1e-5);
        result.Value.ShouldBeLessThan(1e-10);
    }

    [Fact]
    public void Minimize_OneParameterNotDefinedEverywhere_FindsTheMinimum()
    {
        var result = Minimize(t => t[0] - Math.Log(t[0]), [4], 1e-12, 1000);
        result.Converged.ShouldBeTrue();
        result.Theta[0].ShouldBe(1, 1e-5);
        result.Value.ShouldBe(1, 1e-11);
    }

    [Fact]
    public void Minimize_TooFewEvaluations_SaysSo()
    {
        var evaluations = 0;
        var result = Minimize(t => { evaluations++; return t.Sum(x => x * x); }, [3, 4, 5], 1e-12, 20);
        result.Converged.ShouldBeFalse();
        result.Value.ShouldBeLessThanOrEqualTo(50);
        evaluations.ShouldBeLessThan(40);
    }

    [Fact]
    public void Minimize_Cancelled_Throws()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Should.Throw<OperationCanceledException>(() => NelderMead.Minimize(t => t[0] * t[0], [1], 1e-9, 100, source.Token));
    }

    private static SimplexResult Minimize(Func<double[], double> function, double[] start, double tolerance, int mostEvaluations) =>
        NelderMead.Minimize(function, start, tolerance, mostEvaluations, TestContext.Current.CancellationToken);
}
