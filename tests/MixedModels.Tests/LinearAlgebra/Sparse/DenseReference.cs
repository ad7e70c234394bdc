using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Tests.LinearAlgebra.Sparse;

/// <summary>The textbook dense route to the same answers, n³ and without any of the library's kernels.</summary>
internal static class DenseReference
{
    public static double[,] ToDense(SparseSymmetric pattern, double[] values)
    {
        var dense = new double[pattern.Order, pattern.Order];
        for (var j = 0; j < pattern.Order; j++)
        {
            for (var p = pattern.ColumnStarts[j]; p < pattern.ColumnStarts[j + 1]; p++)
            {
                var i = pattern.RowIndices[p];
                dense[i, j] = dense[j, i] = values[p];
            }
        }

        return dense;
    }

    public static double[,] Permute(double[,] A, ReadOnlySpan<int> order)
    {
        var permuted = new double[order.Length, order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            for (var j = 0; j < order.Length; j++)
                permuted[i, j] = A[order[i], order[j]];
        }

        return permuted;
    }

    public static double[,] Cholesky(double[,] A)
    {
        var n = A.GetLength(0);
        var L = new double[n, n];
        for (var j = 0; j < n; j++)
        {
            for (var i = j; i < n; i++)
            {
                var sum = A[i, j];
                for (var k = 0; k < j; k++)
                    sum -= L[i, k] * L[j, k];
                L[i, j] = i == j ? Math.Sqrt(sum) : sum / L[j, j];
            }
        }

        return L;
    }

    public static double[,] Inverse(double[,] A)
    {
        var n = A.GetLength(0);
        var L = Cholesky(A);
        var inverse = new double[n, n];
        for (var c = 0; c < n; c++)
        {
            var x = new double[n];
            x[c] = 1;
            SolveLower(L, x);
            SolveLowerTransposed(L, x);
            for (var i = 0; i < n; i++)
                inverse[i, c] = x[i];
        }

        return inverse;
    }

    public static void SolveLower(double[,] L, double[] x)
    {
        for (var i = 0; i < x.Length; i++)
        {
            for (var k = 0; k < i; k++)
                x[i] -= L[i, k] * x[k];
            x[i] /= L[i, i];
        }
    }

    public static void SolveLowerTransposed(double[,] L, double[] x)
    {
        for (var i = x.Length - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < x.Length; k++)
                x[i] -= L[k, i] * x[k];
            x[i] /= L[i, i];
        }
    }

    /// <summary>The pattern of the factor by elimination on a Boolean matrix: each pivot makes a clique of its later neighbours.</summary>
    public static bool[,] FactorPattern(SparseSymmetric pattern, ReadOnlySpan<int> order)
    {
        var n = pattern.Order;
        var filled = new bool[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
                filled[i, j] = pattern.IndexOf(order[i], order[j]) >= 0;
        }

        for (var j = 0; j < n; j++)
        {
            for (var i = j + 1; i < n; i++)
            {
                for (var k = i; k < n && filled[i, j]; k++)
                    filled[k, i] |= filled[k, j];
            }
        }

        return filled;
    }
}
