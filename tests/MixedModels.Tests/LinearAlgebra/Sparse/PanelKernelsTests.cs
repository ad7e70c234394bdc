using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Tests.LinearAlgebra.Sparse;

public class PanelKernelsTests
{
    // Sums of up to 70 products of numbers below one.
    private const double Tolerance = 1e-13;

    public static TheoryData<int, int, int> Shapes()
    {
        var shapes = new TheoryData<int, int, int>();
        foreach (var m in new[] { 0, 1, 3, 4, 8, 9, 23 })
        {
            foreach (var n in new[] { 1, 3, 4, 5, 10 })
            {
                foreach (var k in new[] { 0, 1, 2, 7, 16, 70 })
                    shapes.Add(m, n, k);
            }
        }

        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AddProduct_EachShape_AsTripleLoop(int m, int n, int k)
    {
        var (lda, ldc) = (m + 3, m + 2);
        var (A, B) = (Numbers(lda * k, 1), Numbers((n + 1) * (k + 1), 2));
        foreach (var (bRow, bColumn) in new[] { (1, k + 1), (n + 1, 1) })
        {
            var C = Numbers(ldc * n, 3);
            var expected = C.ToArray();
            for (var j = 0; j < n; j++)
            {
                for (var i = 0; i < m; i++)
                {
                    for (var p = 0; p < k; p++)
                        expected[j * ldc + i] -= A[p * lda + i] * B[p * bRow + j * bColumn];
                }
            }

            PanelKernels.AddProduct(-1, A, lda, B, bRow, bColumn, C, ldc, m, n, k);

            C.ShouldBe(expected, Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void AddTransposedProduct_EachShape_AsTripleLoop(int m, int n, int k)
    {
        var (lda, ldb, ldc) = (k + 1, k + 2, m + 2);
        var (A, B, C) = (Numbers(lda * m, 1), Numbers(ldb * n, 2), Numbers(ldc * n, 3));
        var expected = C.ToArray();
        for (var j = 0; j < n; j++)
        {
            for (var i = 0; i < m; i++)
            {
                for (var p = 0; p < k; p++)
                    expected[j * ldc + i] += A[i * lda + p] * B[j * ldb + p];
            }
        }

        PanelKernels.AddTransposedProduct(1, A, lda, B, ldb, C, ldc, m, n, k);

        C.ShouldBe(expected, Tolerance);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(40, 16)]
    [InlineData(70, 37)]
    [InlineData(65, 65)]
    public void Factor_EachShape_ProductIsThePanel(int rows, int columns)
    {
        var panel = Numbers(rows * columns, 4);
        for (var j = 0; j < columns; j++)
            panel[j * rows + j] += rows;
        var original = panel.ToArray();

        PanelKernels.Factor(panel, rows, columns).ShouldBe(-1);

        for (var j = 0; j < columns; j++)
        {
            for (var i = j; i < rows; i++)
            {
                var product = 0.0;
                for (var k = 0; k <= j; k++)
                    product += panel[k * rows + i] * panel[k * rows + j];
                product.ShouldBe(original[j * rows + i], Tolerance * rows);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(33)]
    public void TriangularOperations_OneTriangle_UndoItsProducts(int n)
    {
        const int M = 7;
        var ldd = n + 2;
        var D = Numbers(ldd * n, 5);
        for (var j = 0; j < n; j++)
            D[j * ldd + j] = 2 + j;
        var (x, y, B, inverse) = (Numbers(n, 6), Numbers(n, 6), Numbers(M * n, 7), new double[n * n]);
        var (b, original) = (x.ToArray(), B.ToArray());

        PanelKernels.SolveLower(D, ldd, x);
        PanelKernels.SolveLowerTransposed(D, ldd, y);
        PanelKernels.SolveRight(D, ldd, B, M, n);
        PanelKernels.InvertLower(D, ldd, inverse, n);

        for (var i = 0; i < n; i++)
        {
            Sum(0, i, k => D[k * ldd + i] * x[k]).ShouldBe(b[i], Tolerance * n);
            Sum(i, n - 1, k => D[i * ldd + k] * y[k]).ShouldBe(b[i], Tolerance * n);
            Sum(0, i, k => inverse[k * n + i] * b[k]).ShouldBe(x[i], Tolerance * n);
            for (var r = 0; r < M; r++)
                Sum(i, n - 1, k => B[k * M + r] * D[i * ldd + k]).ShouldBe(original[i * M + r], Tolerance * n);
        }
    }

    private static double Sum(int first, int last, Func<int, double> term) => Enumerable.Range(first, last - first + 1).Sum(term);

    private static double[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextDouble() - 1)];
    }
}
