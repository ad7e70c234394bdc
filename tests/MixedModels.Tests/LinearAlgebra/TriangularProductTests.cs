using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.LinearAlgebra;

public class TriangularProductTests
{
    [Fact]
    public void LowerAndTransposed_OrderTwoByHand_AreExact()
    {
        // L = [2 0; 1 4]; what stands above the diagonal is not read.
        double[] L = [2, 1, 99, 4];
        double[] b = [3, 5];
        var (product, transposed) = (new double[2], new double[2]);

        TriangularProduct.Lower(L, 2, 2, b, 1, product);
        TriangularProduct.LowerTransposed(L, 2, 2, b, 1, transposed);

        product.ShouldBe([6, 23]);
        transposed.ShouldBe([11, 20]);
    }

    [Fact]
    public void LowerAndTransposed_ThenSolved_GiveTheColumnsBack()
    {
        foreach (var n in new[] { 1, 3, 31, 32, 33, 257, 600 })
        {
            var L = Matrix.PositiveDefinite(n, padding: n % 3, seed: n);
            Cholesky.Factor(L.Values, n, L.Leading).ShouldBe(-1);
            var B = Matrix.Fill(new Matrix(n, 2), (i, j) => Math.Sin(i + (2 * j) + 1));
            var (product, transposed) = (new double[2 * n], new double[2 * n]);

            TriangularProduct.Lower(L.Values, n, L.Leading, B.Values, 2, product);
            TriangularProduct.LowerTransposed(L.Values, n, L.Leading, B.Values, 2, transposed);

            TriangularSolve.Lower(L.Values, n, L.Leading, product, 2, n);
            TriangularSolve.LowerTransposed(L.Values, n, L.Leading, transposed, 2, n);
            for (var i = 0; i < 2 * n; i++)
            {
                product[i].ShouldBe(B.Values[i], 1e-12, $"L B, n = {n}, element {i}");
                transposed[i].ShouldBe(B.Values[i], 1e-12, $"L'B, n = {n}, element {i}");
            }
        }
    }

    [Fact]
    public void LowerAndTransposed_TeamOfTwo_GivesTheSameBits()
    {
        const int n = 700;
        using var team = new ThreadTeam(2);
        var L = Matrix.PositiveDefinite(n, 0, seed: 7);
        var B = Matrix.Fill(new Matrix(n, 3), (i, j) => Math.Cos(i * (j + 1)));
        var (alone, shared) = (new double[3 * n], new double[3 * n]);

        TriangularProduct.Lower(L.Values, n, n, B.Values, 3, alone);
        TriangularProduct.Lower(L.Values, n, n, B.Values, 3, shared, team);
        shared.ShouldBe(alone);

        TriangularProduct.LowerTransposed(L.Values, n, n, B.Values, 3, alone);
        TriangularProduct.LowerTransposed(L.Values, n, n, B.Values, 3, shared, team);
        shared.ShouldBe(alone);
    }
}
