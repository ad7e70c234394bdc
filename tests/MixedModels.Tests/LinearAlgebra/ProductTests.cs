using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.LinearAlgebra;

public class ProductTests
{
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (1, 1, 1), (2, 2, 2), (1, 5, 3), (3, 1, 7), (4, 4, 4), (7, 2, 33), (12, 12, 12), (16, 16, 16), (17, 16, 16), (25, 9, 1), (24, 8, 5),
        (23, 7, 64), (48, 16, 70), (49, 17, 31), (1, 200, 65), (200, 3, 129), (129, 50, 127), (65, 257, 19), (70, 31, 257), (31, 40, 600),
    ];

    [Fact]
    public void Add_TwoByTwoByHand_AddsAlphaTimesTheProduct()
    {
        double[] A = [1, 2, 3, 4];
        double[] B = [5, 6, 7, 8];
        double[] C = [100, 200, 300, 400];

        Product.Add(2, A, 2, false, B, 2, false, C, 2, 2, 2, 2);

        C.ShouldBe([146, 268, 362, 492]);
    }

    [Fact]
    public void Add_AnyShapeAndOrientation_EqualsTheTripleLoop()
    {
        foreach (var (m, n, k) in Shapes)
        {
            foreach (var path in Cases.Paths)
            {
                foreach (var orientation in Enumerable.Range(0, 4))
                {
                    var (transposeA, transposeB) = (orientation % 2 == 1, orientation >= 2);
                    var A = transposeA ? Matrix.Random(k, m, 2, seed: 1) : Matrix.Random(m, k, 2, seed: 1);
                    var B = transposeB ? Matrix.Random(n, k, 1, seed: 2) : Matrix.Random(k, n, 1, seed: 2);
                    var C = Matrix.Random(m, n, 3, seed: 3);
                    var product = (transposeA ? A.Transposed() : A).Times(transposeB ? B.Transposed() : B);
                    var expected = Matrix.Fill(new Matrix(m, n), (i, j) => C[i, j] - 0.7 * product[i, j]);
                    var about = $"{m}×{n}×{k}, {path}, orientation {orientation}";

                    Product.Add(-0.7, A.Values, A.Leading, transposeA, B.Values, B.Leading, transposeB, C.Values, C.Leading, m, n, k, null, path);

                    C.ShouldBeCloseTo(expected, 1e-15 * (k + 4), about);
                    C.PaddingShouldBeUntouched(about);
                }
            }
        }
    }

    [Fact]
    public void AddSymmetricRankUpdate_AnyShape_EqualsTheTripleLoopBelowTheDiagonal()
    {
        foreach (var (n, k) in new[] { (1, 1), (2, 5), (3, 40), (8, 3), (12, 12), (16, 17), (24, 24), (25, 300), (49, 31), (70, 1), (97, 65), (200, 129), (257, 20) })
        {
            foreach (var path in Cases.Paths)
            {
                foreach (var transpose in new[] { false, true })
                {
                    var A = transpose ? Matrix.Random(k, n, 2, seed: 4) : Matrix.Random(n, k, 2, seed: 4);
                    var C = Matrix.PositiveDefinite(n, 1, seed: 5);
                    var product = transpose ? A.Transposed().Times(A) : A.Times(A.Transposed());
                    var expected = Matrix.FillLower(new Matrix(n, n), (i, j) => C[i, j] + 1.3 * product[i, j]);
                    var about = $"{n}×{k}, {path}, transposed {transpose}";

                    Product.AddSymmetricRankUpdate(1.3, A.Values, A.Leading, transpose, C.Values, C.Leading, n, k, null, path);

                    C.LowerShouldBeCloseTo(expected, 1e-15 * (k + n + 4), about);
                    C.PaddingShouldBeUntouched(about);
                }
            }
        }
    }

    [Fact]
    public void SymmetricTimes_AnyShape_EqualsTheProductWithTheMirroredMatrix()
    {
        foreach (var n in new[] { 1, 2, 5, 12, 24, 25, 40, 97, 129, 257, 300 })
        {
            foreach (var columns in new[] { 1, 3, 4, 31 })
            {
                foreach (var path in Cases.Paths)
                {
                    var S = Matrix.PositiveDefinite(n, 2, seed: 6);
                    var B = Matrix.Random(n, columns, 1, seed: 7);
                    var C = Matrix.Random(n, columns, 3, seed: 8);
                    var product = S.Mirrored().Times(B);
                    var expected = Matrix.Fill(new Matrix(n, columns), (i, j) => C[i, j] + 0.5 * product[i, j]);
                    var about = $"{n}×{columns}, {path}";

                    Product.SymmetricTimes(0.5, S.Values, S.Leading, B.Values, B.Leading, C.Values, C.Leading, n, columns, null, path);

                    C.ShouldBeCloseTo(expected, 4e-15 * (n + 4), about);
                    C.PaddingShouldBeUntouched(about);
                }
            }
        }
    }

    [Theory]
    [InlineData(0, 3, 3)]
    [InlineData(3, 0, 3)]
    [InlineData(3, 3, 0)]
    public void Add_EmptyOperand_LeavesC(int m, int n, int k)
    {
        double[] C = [1, 2, 3, 4, 5, 6, 7, 8, 9];

        Product.Add(1, new double[9], 3, false, new double[9], 3, false, C, 3, m, n, k);

        C.ShouldBe([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }

    [Fact]
    public void Add_TeamsOfAnySize_GiveTheSameBits()
    {
        using var two = new ThreadTeam(2);
        using var three = new ThreadTeam(3);
        foreach (var path in Cases.Paths)
        {
            var A = Matrix.Random(201, 290, 0, seed: 9);
            var B = Matrix.Random(290, 170, 0, seed: 10);
            Matrix Multiply(ThreadTeam? team)
            {
                var C = Matrix.Random(201, 170, 0, seed: 11);
                Product.Add(0.3, A.Values, 201, false, B.Values, 290, false, C.Values, 201, 201, 170, 290, team, path);
                return C;
            }

            Matrix Square(ThreadTeam? team)
            {
                var C = Matrix.PositiveDefinite(201, 0, seed: 12);
                Product.AddSymmetricRankUpdate(0.3, A.Values, 201, false, C.Values, 201, 201, 290, team, path);
                return C;
            }

            Multiply(two).ShouldHaveTheBitsOf(Multiply(null), $"{path}, two threads");
            Multiply(three).ShouldHaveTheBitsOf(Multiply(null), $"{path}, three threads");
            Square(two).ShouldHaveTheBitsOf(Square(null), $"{path}, two threads");
            Square(three).ShouldHaveTheBitsOf(Square(null), $"{path}, three threads");
        }
    }

    [Fact]
    public void Add_FusedPaths_GiveTheSameBits()
    {
        if (!VectorPath.Vector512.IsAvailable())
            Assert.Skip("this processor has no 512-bit vectors");
        var A = Matrix.Random(75, 300, 0, seed: 13);
        double[] Square(VectorPath path)
        {
            var C = new double[75 * 75];
            Product.Add(1, A.Values, 75, false, A.Values, 75, true, C, 75, 75, 75, 300, null, path);
            return C;
        }

        Square(VectorPath.Vector256).ShouldBe(Square(VectorPath.Vector512));
    }
}
