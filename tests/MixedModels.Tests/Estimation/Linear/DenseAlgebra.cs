namespace MixedModels.Tests.Estimation.Linear;

/// <summary>Textbook matrix algebra without any of the library's kernels, for the plain engine.</summary>
internal static class DenseAlgebra
{
    /// <summary>The lower factor of a symmetric positive definite matrix.</summary>
    public static double[,] Cholesky(double[,] S)
    {
        var n = S.GetLength(0);
        var L = new double[n, n];
        for (var j = 0; j < n; j++)
        {
            for (var i = j; i < n; i++)
            {
                var sum = S[i, j];
                for (var k = 0; k < j; k++) sum -= L[i, k] * L[j, k];
                L[i, j] = i == j ? Math.Sqrt(sum) : sum / L[j, j];
            }
        }

        return L;
    }

    /// <summary>log|LL'|.</summary>
    public static double LogDeterminant(double[,] L) => 2 * Enumerable.Range(0, L.GetLength(0)).Sum(i => Math.Log(L[i, i]));

    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    /// <summary>L⁻¹b.</summary>
    public static double[] Forward(double[,] L, double[] b)
    {
        var x = (double[])b.Clone();
        for (var i = 0; i < x.Length; i++)
        {
            for (var k = 0; k < i; k++) x[i] -= L[i, k] * x[k];
            x[i] /= L[i, i];
        }

        return x;
    }

    /// <summary>L'⁻¹b.</summary>
    public static double[] Backward(double[,] L, double[] b)
    {
        var x = (double[])b.Clone();
        for (var i = x.Length - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < x.Length; k++) x[i] -= L[k, i] * x[k];
            x[i] /= L[i, i];
        }

        return x;
    }

    /// <summary>The inverse of a symmetric positive definite matrix.</summary>
    public static double[,] Inverse(double[,] S)
    {
        var n = S.GetLength(0);
        var L = Cholesky(S);
        var inverse = new double[n, n];
        for (var j = 0; j < n; j++)
        {
            var unit = new double[n];
            unit[j] = 1;
            var column = Backward(L, Forward(L, unit));
            for (var i = 0; i < n; i++) inverse[i, j] = column[i];
        }

        return inverse;
    }

    /// <summary>AB.</summary>
    public static double[,] Times(double[,] A, double[,] B)
    {
        var (n, m, inner) = (A.GetLength(0), B.GetLength(1), A.GetLength(1));
        var C = new double[n, m];
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < inner; k++)
            {
                var value = A[i, k];
                if (value == 0) continue;
                for (var j = 0; j < m; j++) C[i, j] += value * B[k, j];
            }
        }

        return C;
    }

    /// <summary>Ab.</summary>
    public static double[] Times(double[,] A, double[] b) =>
        [.. Enumerable.Range(0, A.GetLength(0)).Select(i => Enumerable.Range(0, b.Length).Sum(j => A[i, j] * b[j]))];

    /// <summary>A'.</summary>
    public static double[,] Transpose(double[,] A)
    {
        var T = new double[A.GetLength(1), A.GetLength(0)];
        for (var i = 0; i < A.GetLength(0); i++)
        {
            for (var j = 0; j < A.GetLength(1); j++) T[j, i] = A[i, j];
        }

        return T;
    }

    /// <summary>A − B.</summary>
    public static double[,] Minus(double[,] A, double[,] B)
    {
        var C = (double[,])A.Clone();
        for (var i = 0; i < A.GetLength(0); i++)
        {
            for (var j = 0; j < A.GetLength(1); j++) C[i, j] -= B[i, j];
        }

        return C;
    }
}
