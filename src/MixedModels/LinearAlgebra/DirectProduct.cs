using System.Runtime.CompilerServices;

namespace MixedModels.LinearAlgebra;

/// <summary>Products without packing, for small matrices and for a few columns.</summary>
internal static unsafe class DirectProduct
{
    /// <summary>C += alpha op(A) op(B).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(
        double alpha, double* A, int lda, bool transposeA, double* B, int ldb, bool transposeB, double* C, int ldc, int m, int n, int k)
    {
        long along = transposeB ? 1 : ldb, step = transposeB ? ldb : 1;
        for (var j = 0; j < n; j++)
        {
            if (transposeA)
                AddDots(alpha, A, lda, B + j * along, step, C + (long)j * ldc, m, k);
            else
                AddColumns(alpha, A, lda, B + j * along, step, C + (long)j * ldc, m, k);
        }
    }

    /// <summary>The lower triangle of C += alpha op(A) op(A)'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddLower(double alpha, double* A, int lda, bool transposeA, double* C, int ldc, int n, int k)
    {
        for (var j = 0; j < n; j++)
        {
            var c = C + j + (long)j * ldc;
            if (transposeA)
                AddDots(alpha, A + (long)j * lda, lda, A + (long)j * lda, 1, c, n - j, k);
            else
                AddColumns(alpha, A + j, lda, A + j, lda, c, n - j, k);
        }
    }

    /// <summary>C += alpha S B, S in its lower triangle: each column of S serves as a column and as a row while it is at hand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddSymmetric(double alpha, double* S, int lds, double* B, int ldb, double* C, int ldc, int n, int columns)
    {
        for (var p = 0; p < n; p++)
        {
            var s = S + p + (long)p * lds;
            var below = n - p - 1;
            for (var j = 0; j < columns; j++)
            {
                double* b = B + p + (long)j * ldb, c = C + p + (long)j * ldc;
                c[0] += alpha * (s[0] * b[0] + Vectors.Dot(s + 1, b + 1, below));
                Vectors.AddScaled(alpha * b[0], s + 1, c + 1, below);
            }
        }
    }

    /// <summary>c += alpha A b, the elements of b <paramref name="step"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddColumns(double alpha, double* A, long lda, double* b, long step, double* c, int m, int k)
    {
        var p = 0;
        for (; p + 4 <= k; p += 4)
        {
            var q = b + p * step;
            Vectors.AddFour(alpha * q[0], alpha * q[step], alpha * q[2 * step], alpha * q[3 * step], A + p * lda, lda, c, m);
        }

        for (; p < k; p++)
            Vectors.AddScaled(alpha * b[p * step], A + p * lda, c, m);
    }

    /// <summary>c += alpha A'b, the elements of b <paramref name="step"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddDots(double alpha, double* A, long lda, double* b, long step, double* c, int m, int k)
    {
        for (var i = 0; i < m; i++)
            c[i] += alpha * (step == 1 ? Vectors.Dot(A + i * lda, b, k) : Dot(A + i * lda, b, step, k));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Dot(double* x, double* y, long step, int n)
    {
        double even = 0, odd = 0;
        var i = 0;
        for (; i + 2 <= n; i += 2)
        {
            even += x[i] * y[i * step];
            odd += x[i + 1] * y[(i + 1) * step];
        }

        return i < n ? even + odd + x[i] * y[i * step] : even + odd;
    }
}
