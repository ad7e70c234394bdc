using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.LinearAlgebra;

public class TriangularInverseTests
{
    [Fact]
    public void InPlace_OrdersOneAndTwoByHand_AreExact()
    {
        // [2 0; 1 4]⁻¹ = [1/2 0; −1/8 1/4].
        double[] one = [4];
        double[] two = [2, 1, 99, 4];

        TriangularInverse.InPlace(one, 1, 1);
        TriangularInverse.InPlace(two, 2, 2);

        one.ShouldBe([0.25]);
        two.ShouldBe([0.5, -0.125, 99, 0.25]);
    }

    [Fact]
    public void InPlace_AnyOrderAndPath_TimesTheTriangleIsTheUnitMatrix()
    {
        foreach (var n in Cases.Orders)
        {
            var L = Matrix.PositiveDefinite(n, padding: n % 3, seed: n);
            Cholesky.Factor(L.Values, n, L.Leading).ShouldBe(-1);
            foreach (var path in Cases.Paths)
            {
                var inverse = L.Copy();
                var about = $"n = {n}, {path}";

                TriangularInverse.InPlace(inverse.Values, n, inverse.Leading, null, path);

                for (var j = 0; j < n; j++)
                {
                    for (var i = j; i < n; i++)
                    {
                        var entry = 0.0;
                        for (var k = j; k <= i; k++) entry += L[i, k] * inverse[k, j];
                        entry.ShouldBe(i == j ? 1 : 0, 2e-14, $"entry ({i}, {j}), {about}");
                    }
                }

                inverse.UpperShouldBeUntouched(about);
                inverse.PaddingShouldBeUntouched(about);
            }
        }
    }

    [Fact]
    public void InPlace_TeamsOfAnySize_GiveTheSameBits()
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

                TriangularInverse.InPlace(alone.Values, n, alone.Leading, null, path);
                TriangularInverse.InPlace(pair.Values, n, pair.Leading, two, path);
                TriangularInverse.InPlace(trio.Values, n, trio.Leading, three, path);

                pair.ShouldHaveTheBitsOf(alone, $"n = {n}, {path}, two threads");
                trio.ShouldHaveTheBitsOf(alone, $"n = {n}, {path}, three threads");
            }
        }
    }
}
