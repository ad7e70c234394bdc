using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.LinearAlgebra;

public class TriangularSolveTests
{
    private static readonly int[] ColumnCounts = [1, 3, 4, 25, 70];

    [Fact]
    public void Lower_OrderTwoByHand_SolvesForward()
    {
        // [2 0; 3 4] x = (4, 18)' has x = (2, 3)'; its transpose x = (16, 12)' has x = (3.5, 3)'.
        double[] L = [2, 3, 99, 4];
        double[] forward = [4, 18];
        double[] backward = [16, 12];

        TriangularSolve.Lower(L, 2, 2, forward, 1, 2);
        TriangularSolve.LowerTransposed(L, 2, 2, backward, 1, 2);

        forward.ShouldBe([2, 3]);
        backward.ShouldBe([3.5, 3]);
    }

    [Fact]
    public void Solve_AnyOrderAndPath_MultipliesBack()
    {
        foreach (var n in new[] { 1, 2, 3, 4, 7, 12, 24, 25, 31, 33, 48, 65, 145, 300 })
        {
            var L = Matrix.Triangle(n, 2, seed: n);
            var lower = L.Lower();
            var upper = lower.Transposed();
            foreach (var columns in ColumnCounts)
            {
                var X = Matrix.Random(n, columns, 3, seed: 20);
                foreach (var path in Cases.Paths)
                {
                    var (forward, backward) = (X.Copy(), X.Copy());
                    var about = $"n = {n}, {columns} columns, {path}";

                    TriangularSolve.Lower(L.Values, n, L.Leading, forward.Values, columns, forward.Leading, null, path);
                    TriangularSolve.LowerTransposed(L.Values, n, L.Leading, backward.Values, columns, backward.Leading, null, path);

                    lower.Times(forward).ShouldBeCloseTo(X, 1e-14, about);
                    upper.Times(backward).ShouldBeCloseTo(X, 1e-14, about + ", transposed");
                    forward.PaddingShouldBeUntouched(about);
                    backward.PaddingShouldBeUntouched(about);
                }
            }
        }
    }

    [Fact]
    public void Solve_OneColumnOrMany_AgreeByTwoRoutes()
    {
        var L = Matrix.Triangle(150, 0, seed: 21);
        var many = Matrix.Random(150, 30, 0, seed: 22);
        var single = many.Copy();

        TriangularSolve.Lower(L.Values, 150, 150, many.Values, 30, 150);
        for (var c = 0; c < 30; c++)
            TriangularSolve.Lower(L.Values, 150, 150, single.Values.AsSpan(150 * c, 150), 1, 150);

        many.ShouldBeCloseTo(single, 1e-14, "packed against direct");
    }

    [Fact]
    public void Solve_TeamsOfAnySize_GiveTheSameBits()
    {
        using var two = new ThreadTeam(2);
        using var three = new ThreadTeam(3);
        var L = Matrix.Triangle(220, 0, seed: 23);
        foreach (var path in Cases.Paths)
        {
            Matrix Solve(ThreadTeam? team)
            {
                var B = Matrix.Random(220, 135, 0, seed: 24);
                TriangularSolve.Lower(L.Values, 220, 220, B.Values, 135, 220, team, path);
                TriangularSolve.LowerTransposed(L.Values, 220, 220, B.Values, 135, 220, team, path);
                return B;
            }

            Solve(two).ShouldHaveTheBitsOf(Solve(null), $"{path}, two threads");
            Solve(three).ShouldHaveTheBitsOf(Solve(null), $"{path}, three threads");
        }
    }

    [Fact]
    public void Lower_ZeroPivot_GivesNonFiniteResults()
    {
        double[] B = [1, 1];

        TriangularSolve.Lower([0, 1, 99, 1], 2, 2, B, 1, 2);

        double.IsFinite(B[0]).ShouldBeFalse();
    }

    [Fact]
    public void Solve_NoRowsOrColumns_DoesNothing()
    {
        double[] B = [5];

        TriangularSolve.Lower([2.0], 1, 1, B, 0, 1);
        TriangularSolve.LowerTransposed([], 0, 0, B, 1, 0);

        B.ShouldBe([5.0]);
    }
}
