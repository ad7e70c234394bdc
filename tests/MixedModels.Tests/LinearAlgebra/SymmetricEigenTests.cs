using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.LinearAlgebra;

public class SymmetricEigenTests
{
    [Fact]
    public void Decompose_TwoByTwoByHand_GivesTheKnownPairs()
    {
        // [2 1; 1 2] has eigenvalues 1 and 3 with vectors (1, −1)/√2 and (1, 1)/√2.
        double[] A = [2, 1, 99, 2];
        var values = new double[2];

        SymmetricEigen.Decompose(A, 2, 2, values).ShouldBeTrue();

        values[0].ShouldBe(1, 1e-15);
        values[1].ShouldBe(3, 1e-15);
        (A[0] * A[1]).ShouldBe(-0.5, 1e-15);
        (A[2] * A[3]).ShouldBe(0.5, 1e-15);
    }

    [Fact]
    public void Decompose_SecondDifferences_GivesTheKnownEigenvalues()
    {
        // The matrix (−1, 2, −1) of order n has the eigenvalues 2 − 2 cos(kπ/(n + 1)).
        const int n = 30;
        var A = Matrix.FillLower(new Matrix(n, n), (i, j) => i == j ? 2 : i == j + 1 ? -1 : 0);
        var values = new double[n];

        SymmetricEigen.Decompose(A.Values, n, n, values).ShouldBeTrue();

        for (var k = 1; k <= n; k++)
            values[k - 1].ShouldBe(2 - 2 * Math.Cos(k * Math.PI / (n + 1)), 1e-14);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(24)]
    [InlineData(72)]
    [InlineData(150)]
    public void Decompose_RandomMatrix_IsAnOrthogonalDecomposition(int n)
    {
        foreach (var scale in new[] { 1, 1e-200, 1e200 })
        {
            var A = Matrix.PositiveDefinite(n, 2, seed: 50);
            A = Matrix.FillLower(new Matrix(n, n, 2), (i, j) => scale * (A[i, j] - (i == j ? 0.7 * n : 0)));

            var (V, values) = Decompose(A);

            ShouldDecompose(A, V, values, scale * n);
        }
    }

    [Fact]
    public void Decompose_RepeatedEigenvalues_GivesOrthogonalVectors()
    {
        // I + 1 1' has the eigenvalue 1 n − 1 times, and n + 1.
        const int n = 12;
        var A = Matrix.FillLower(new Matrix(n, n), (i, j) => i == j ? 2 : 1);

        var (V, values) = Decompose(A);

        ShouldDecompose(A, V, values, n);
        values[..^1].ShouldAllBe(value => Math.Abs(value - 1) < 1e-14);
        values[^1].ShouldBe(n + 1, 1e-13);
    }

    [Fact]
    public void Decompose_DiagonalMatrix_OnlySorts()
    {
        var A = Matrix.FillLower(new Matrix(4, 4), (i, j) => i == j ? new[] { 3.0, -1, 0, 7 }[i] : 0);

        var (_, values) = Decompose(A);

        values.ShouldBe([-1, 0, 3, 7]);
    }

    [Fact]
    public void Decompose_ZeroMatrix_HasZeroEigenvalues()
    {
        var A = Matrix.FillLower(new Matrix(5, 5), (_, _) => 0);

        var (V, values) = Decompose(A);

        values.ShouldAllBe(value => value == 0);
        ShouldDecompose(A, V, values, 1);
    }

    [Fact]
    public void Decompose_GradedMatrix_KeepsTheTrace()
    {
        var A = Matrix.FillLower(new Matrix(8, 8), (i, j) => Math.Pow(10, -2 * (i + j)));
        for (var i = 0; i < 8; i++)
            A[i, i] *= 2;

        var (V, values) = Decompose(A);

        ShouldDecompose(A, V, values, 1);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Decompose_NonFiniteEntry_IsRefused(double bad)
    {
        var A = Matrix.PositiveDefinite(6, 0, seed: 51);
        A[4, 2] = bad;

        SymmetricEigen.Decompose(A.Values, 6, 6, new double[6]).ShouldBeFalse();
    }

    private static (Matrix V, double[] Values) Decompose(Matrix A)
    {
        var V = A.Copy();
        var values = new double[A.Rows];
        SymmetricEigen.Decompose(V.Values, A.Rows, A.Leading, values).ShouldBeTrue();
        V.PaddingShouldBeUntouched("eigenvectors");
        return (V, values);
    }

    private static void ShouldDecompose(Matrix A, Matrix V, double[] values, double size)
    {
        var n = A.Rows;
        var unit = Matrix.Fill(new Matrix(n, n), (i, j) => i == j ? 1 : 0);
        var scaled = Matrix.Fill(new Matrix(n, n), (i, j) => V[i, j] * values[j]);

        values.ShouldBe(values.Order());
        V.Transposed().Times(V).ShouldBeCloseTo(unit, 1e-13, $"V'V, n = {n}");
        A.Mirrored().Times(V).ShouldBeCloseTo(scaled, 1e-14 * size, $"A V, n = {n}");
    }
}
