using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.LinearAlgebra;

public sealed class OrthonormalBasisTests
{
    [Fact]
    public void Orthonormalize_TwoColumns_IsTheCaseWorkedByHand()
    {
        double[] A = [3, 4, 1, 2], R = new double[4];
        OrthonormalBasis.Orthonormalize(A, 2, 2, R, 0).ShouldBe(2);
        A.ShouldBe([0.6, 0.8, -0.8, 0.6], 1e-15);
        R.ShouldBe([5, 0, 2.2, 0.4], 1e-15);
    }

    [Fact]
    public void Orthonormalize_NearlyDependentColumns_IsOrthonormalToRounding()
    {
        // The powers of a covariate far from zero: the columns agree in six digits.
        const int n = 30, p = 4;
        var A = new double[n * p];
        for (var r = 0; r < n; r++)
        {
            for (var j = 0; j < p; j++) A[r + (j * n)] = Math.Pow(100 + (0.01 * r), j);
        }

        var (Q, R) = ((double[])A.Clone(), new double[p * p]);
        OrthonormalBasis.Orthonormalize(Q, n, p, R, 0).ShouldBe(p);
        var gram = new double[p * p];
        Product.Add(1, Q, n, true, Q, n, false, gram, p, p, p, n);
        for (var i = 0; i < p * p; i++) gram[i].ShouldBe(i % (p + 1) == 0 ? 1 : 0, 1e-14);
        var back = new double[n * p];
        Product.Add(1, Q, n, false, R, p, false, back, n, n, p, p);
        for (var i = 0; i < back.Length; i++) back[i].ShouldBe(A[i], 1e-14 * Math.Abs(A[i]) * n);
    }

    [Fact]
    public void Orthonormalize_DependentColumn_IsZeroAndLowersTheRank()
    {
        double[] A = [1, 1, 1, 2, 2, 2, 0, 1, 3], R = new double[9];
        OrthonormalBasis.Orthonormalize(A, 3, 3, R, 1e-9).ShouldBe(2);
        A[3..6].ShouldBe([0, 0, 0]);
        R[4].ShouldBe(0);
        R[3].ShouldBe(2 * Math.Sqrt(3), 1e-14);
        R[8].ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Orthonormalize_ZeroColumn_LowersTheRank()
    {
        double[] A = [0, 0], R = new double[1];
        OrthonormalBasis.Orthonormalize(A, 2, 1, R, 1e-9).ShouldBe(0);
    }
}
