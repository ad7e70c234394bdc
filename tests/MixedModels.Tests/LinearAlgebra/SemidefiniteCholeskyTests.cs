using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.LinearAlgebra;

public sealed class SemidefiniteCholeskyTests
{
    [Fact]
    public void Factor_PositiveDefinite_IsTheFactorWorkedByHand()
    {
        var L = Factor(3, [4, 2, 6, 2, 10, 9, 6, 9, 26]);
        L.ShouldBe([2, 1, 3, 0, 3, 2, 0, 0, Math.Sqrt(13)], 1e-15);
    }

    [Fact]
    public void Factor_RankOne_HasOneColumn()
    {
        double[] v = [1, -2, 3];
        var L = Factor(3, [.. v.SelectMany(a => v.Select(b => a * b))]);
        L.ShouldBe([1, -2, 3, 0, 0, 0, 0, 0, 0], 1e-14);
    }

    [Fact]
    public void Factor_FirstEffectWithoutVariance_LeavesItsColumnZero() =>
        Factor(2, [0, 0, 0, 9]).ShouldBe([0, 0, 0, 3]);

    [Fact]
    public void Factor_Zero_IsZero() => Factor(2, [0, 0, 0, 0]).ShouldBe([0, 0, 0, 0]);

    [Fact]
    public void Factor_RandomSemidefinite_MultipliesBack()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (n, rank, random) = (5, 1 + (seed % 5), new Random(seed));
            var A = new double[n * rank];
            for (var i = 0; i < A.Length; i++) A[i] = random.NextDouble() - 0.5;
            var G = new double[n * n];
            Product.Add(1, A, n, false, A, n, true, G, n, n, n, rank);
            var L = Factor(n, G);
            var back = new double[n * n];
            Product.Add(1, L, n, false, L, n, true, back, n, n, n, n);
            back.ShouldBe(G, 1e-7);
            for (var j = 0; j < n; j++) L[j * (n + 1)].ShouldBeGreaterThanOrEqualTo(0);
        }
    }

    private static double[] Factor(int n, double[] G)
    {
        var L = Enumerable.Repeat(double.NaN, n * n).ToArray();
        SemidefiniteCholesky.Factor(G, n, L);
        return L;
    }
}
