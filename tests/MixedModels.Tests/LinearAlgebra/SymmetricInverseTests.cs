using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.LinearAlgebra;

public class SymmetricInverseTests
{
    [Fact]
    public void FromCholesky_OrdersOneAndTwoByHand_AreExact()
    {
        // [4 2; 2 5]⁻¹ = [5 −2; −2 4] / 16.
        double[] one = [4];
        double[] two = [2, 1, 99, 2];

        SymmetricInverse.FromCholesky(one, 1, 1);
        SymmetricInverse.FromCholesky(two, 2, 2);

        one.ShouldBe([0.0625]);
        two.ShouldBe([0.3125, -0.125, 99, 0.25]);
    }

    [Fact]
    public void FromCholesky_AnyOrderAndPath_TimesTheMatrixIsTheUnitMatrix()
    {
        foreach (var n in Cases.Orders)
        {
            var A = Matrix.PositiveDefinite(n, padding: n % 3, seed: n);
            var full = A.Mirrored();
            var unit = Matrix.Fill(new Matrix(n, n), (i, j) => i == j ? 1 : 0);
            foreach (var path in Cases.Paths)
            {
                var inverse = A.Copy();
                var about = $"n = {n}, {path}";
                Cholesky.Factor(inverse.Values, n, inverse.Leading, null, path).ShouldBe(-1);

                SymmetricInverse.FromCholesky(inverse.Values, n, inverse.Leading, null, path);

                full.Times(inverse.Mirrored()).ShouldBeCloseTo(unit, 2e-14, about);
                inverse.UpperShouldBeUntouched(about);
                inverse.PaddingShouldBeUntouched(about);
            }
        }
    }

    [Fact]
    public void FromCholesky_AgainstTwoTriangularSolves_Agrees()
    {
        const int n = 200;
        var L = Matrix.PositiveDefinite(n, 0, seed: 30);
        Cholesky.Factor(L.Values, n, n).ShouldBe(-1);
        var solved = Matrix.Fill(new Matrix(n, n), (i, j) => i == j ? 1 : 0);
        TriangularSolve.Lower(L.Values, n, n, solved.Values, n, n);
        TriangularSolve.LowerTransposed(L.Values, n, n, solved.Values, n, n);

        SymmetricInverse.FromCholesky(L.Values, n, n);

        L.LowerShouldBeCloseTo(solved, 1e-16, "two routes to the inverse");
    }

    [Fact]
    public void FromCholesky_TeamsOfAnySize_GiveTheSameBits()
    {
        using var two = new ThreadTeam(2);
        using var three = new ThreadTeam(3);
        foreach (var n in new[] { 33, 129, 300 })
        {
            foreach (var path in Cases.Paths)
            {
                var alone = Matrix.PositiveDefinite(n, 1, seed: n);
                Cholesky.Factor(alone.Values, n, alone.Leading, null, path).ShouldBe(-1);
                var (pair, trio) = (alone.Copy(), alone.Copy());

                SymmetricInverse.FromCholesky(alone.Values, n, alone.Leading, null, path);
                SymmetricInverse.FromCholesky(pair.Values, n, pair.Leading, two, path);
                SymmetricInverse.FromCholesky(trio.Values, n, trio.Leading, three, path);

                pair.ShouldHaveTheBitsOf(alone, $"n = {n}, {path}, two threads");
                trio.ShouldHaveTheBitsOf(alone, $"n = {n}, {path}, three threads");
            }
        }
    }

    [Fact]
    public void FromCholesky_NaNInTheFactor_Ends()
    {
        var L = Matrix.Triangle(100, 0, seed: 31);
        L[50, 20] = double.NaN;

        SymmetricInverse.FromCholesky(L.Values, 100, 100);

        double.IsNaN(L[20, 20]).ShouldBeTrue();
    }
}
