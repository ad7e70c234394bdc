using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.LinearAlgebra;

public class CholeskyTests
{
    [Fact]
    public void Factor_OrderThreeByHand_GivesTheKnownFactor()
    {
        // [4 2 2; 2 5 3; 2 3 6] = L L' with L = [2; 1 2; 1 1 2].
        double[] A = [4, 2, 2, 99, 5, 3, 99, 99, 6];

        Cholesky.Factor(A, 3, 3).ShouldBe(-1);

        A.ShouldBe([2, 1, 1, 99, 2, 1, 99, 99, 2]);
    }

    [Fact]
    public void Factor_OrdersOneAndTwo_AreExact()
    {
        double[] one = [9];
        double[] two = [9, 6, 99, 13];

        Cholesky.Factor(one, 1, 1).ShouldBe(-1);
        Cholesky.Factor(two, 2, 2).ShouldBe(-1);

        one.ShouldBe([3.0]);
        two.ShouldBe([3, 2, 99, 3]);
    }

    [Fact]
    public void Factor_AnyOrderAndPath_MultipliesBackAndLeavesTheRest()
    {
        foreach (var n in Cases.Orders)
        {
            var A = Matrix.PositiveDefinite(n, padding: n % 4, seed: n);
            foreach (var path in Cases.Paths)
            {
                var L = A.Copy();
                var about = $"n = {n}, {path}";

                Cholesky.Factor(L.Values, n, L.Leading, null, path).ShouldBe(-1, about);

                var lower = L.Lower();
                lower.Times(lower.Transposed()).ShouldBeCloseTo(A.Mirrored(), 4e-16 * n * n + 1e-15, about);
                L.UpperShouldBeUntouched(about);
                L.PaddingShouldBeUntouched(about);
            }
        }
    }

    [Fact]
    public void Factor_IllConditionedMatrix_HasASmallResidual()
    {
        // Hilbert matrices are positive definite with condition 1e16 at order 12; LL' − A is small all the same.
        var A = Matrix.FillLower(new Matrix(11, 11), (i, j) => 1.0 / (i + j + 1));
        var L = A.Copy();

        Cholesky.Factor(L.Values, 11, 11).ShouldBe(-1);

        var lower = L.Lower();
        lower.Times(lower.Transposed()).ShouldBeCloseTo(A.Mirrored(), 1e-15, "Hilbert");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(31)]
    [InlineData(64)]
    [InlineData(150)]
    public void Factor_MatrixThatIsNotPositiveDefinite_ReportsTheFirstFailingColumn(int n)
    {
        foreach (var path in Cases.Paths)
        {
            foreach (var failing in new[] { 0, n / 2, n - 1 }.Distinct())
            {
                foreach (var bad in new[] { -1, 0, double.NaN, double.PositiveInfinity, double.NegativeInfinity })
                {
                    // A matrix that is diagonal up to the failing column has its entries as pivots.
                    var A = Matrix.FillLower(new Matrix(n, n), (i, j) => i == j ? 2 : 0);
                    A[failing, failing] = bad;

                    Cholesky.Factor(A.Values, n, n, null, path).ShouldBe(failing, $"{path}, {bad} at {failing}");
                }
            }
        }
    }

    [Fact]
    public void Factor_RankDeficientMatrix_FailsAtTheDependentColumn()
    {
        // Small integers: every operation is exact, so the last pivot is exactly zero.
        double[] A = [1, 2, 3, 0, 5, 7, 0, 0, 10];

        Cholesky.Factor(A, 3, 3).ShouldBe(2);
    }

    [Fact]
    public void Factor_TeamsOfAnySize_GiveTheSameBits()
    {
        using var two = new ThreadTeam(2);
        using var three = new ThreadTeam(3);
        foreach (var n in new[] { 1, 33, 97, 129, 300 })
        {
            foreach (var path in Cases.Paths)
            {
                var alone = Matrix.PositiveDefinite(n, 3, seed: n);
                var (pair, trio) = (alone.Copy(), alone.Copy());

                Cholesky.Factor(alone.Values, n, alone.Leading, null, path).ShouldBe(-1);
                Cholesky.Factor(pair.Values, n, pair.Leading, two, path).ShouldBe(-1);
                Cholesky.Factor(trio.Values, n, trio.Leading, three, path).ShouldBe(-1);

                pair.ShouldHaveTheBitsOf(alone, $"n = {n}, {path}, two threads");
                trio.ShouldHaveTheBitsOf(alone, $"n = {n}, {path}, three threads");
            }
        }
    }

    [Fact]
    public void Factor_Order0_IsPositiveDefinite() => Cholesky.Factor([], 0, 0).ShouldBe(-1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Factor_WarmCall_AllocatesNothing(int threads)
    {
        using var team = new ThreadTeam(threads);
        var A = Matrix.PositiveDefinite(200, 0, seed: 1);
        var L = A.Copy();
        long allocated = 0;
        for (var call = 0; call < 4; call++)
        {
            A.Values.CopyTo(L.Values, 0);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Cholesky.Factor(L.Values, 200, 200, team);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        allocated.ShouldBe(0);
    }
}
