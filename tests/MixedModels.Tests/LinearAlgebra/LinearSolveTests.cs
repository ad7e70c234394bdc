using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.LinearAlgebra;

public sealed class LinearSolveTests
{
    [Fact]
    public void InPlace_ZeroFirstPivot_ExchangesRows()
    {
        // 2y = 4, 3x + y = 5.
        double[] A = [0, 3, 2, 1], b = [4, 5];
        LinearSolve.InPlace(A, b, 2).ShouldBeTrue();
        b.ShouldBe([1, 2], 1e-15);
    }

    [Fact]
    public void InPlace_RandomSystems_MultipliesBack()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (n, random) = (1 + (seed % 8), new Random(seed));
            var A = Enumerable.Range(0, n * n).Select(_ => random.NextDouble() - 0.5).ToArray();
            var x = Enumerable.Range(0, n).Select(_ => random.NextDouble()).ToArray();
            var b = Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Sum(j => A[i + (j * n)] * x[j])).ToArray();
            LinearSolve.InPlace(A, b, n).ShouldBeTrue();
            b.ShouldBe(x, 1e-10);
        }
    }

    [Theory]
    [InlineData(1, 2, 2, 4)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(0.1, 0.30000000000000004, 0.17, 0.51)]
    [InlineData(double.NaN, 1, 1, 2)]
    public void InPlace_SingularOrNotFinite_IsRefused(double a, double b, double c, double d) =>
        LinearSolve.InPlace(new double[] { a, b, c, d }, new double[] { 1, 1 }, 2).ShouldBeFalse();

    [Fact]
    public void InPlace_NoEquations_IsSolved() => LinearSolve.InPlace([], [], 0).ShouldBeTrue();
}
