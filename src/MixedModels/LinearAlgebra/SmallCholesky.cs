using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MixedModels.LinearAlgebra;

/// <summary>The Cholesky factor of a matrix that fits the nearest cache, column by column.</summary>
internal static unsafe class SmallCholesky
{
    /// <summary>The largest order taken here.</summary>
    public const int OrderLimit = 32;

    /// <summary>Below this order plain loops beat vectors.</summary>
    private const int VectorOrder = 10;

    /// <summary>Factorises in place; returns −1 or the failing column.</summary>
    public static int Factor(double* A, int n, int lda)
    {
        if (n == 1)
            return FactorOne(A);
        if (n == 2)
            return FactorTwo(A, lda);
        return n < VectorOrder ? FactorByElement(A, n, lda) : FactorByColumn(A, n, lda);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPivot(double value) => value > 0 && value <= double.MaxValue;

    private static int FactorOne(double* A)
    {
        if (!IsPivot(A[0]))
            return 0;
        A[0] = Math.Sqrt(A[0]);
        return -1;
    }

    private static int FactorTwo(double* A, int lda)
    {
        if (!IsPivot(A[0]))
            return 0;
        var first = Math.Sqrt(A[0]);
        var below = A[1] / first;
        A[0] = first;
        A[1] = below;
        var pivot = A[lda + 1] - below * below;
        if (!IsPivot(pivot))
            return 1;
        A[lda + 1] = Math.Sqrt(pivot);
        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FactorByElement(double* A, int n, int lda)
    {
        for (var j = 0; j < n; j++)
        {
            var column = A + (long)j * lda;
            for (var p = 0; p < j; p++)
            {
                var source = A + (long)p * lda;
                var value = source[j];
                for (var i = j; i < n; i++)
                    column[i] -= value * source[i];
            }

            if (!IsPivot(column[j]))
                return j;
            var root = Math.Sqrt(column[j]);
            column[j] = root;
            for (var i = j + 1; i < n; i++)
                column[i] /= root;
        }

        return -1;
    }

    // In a copy whose columns are whole vectors, so that no column has a ragged end. What the copy holds above the diagonal
    // is carried along and dropped.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FactorByColumn(double* A, int n, int lda)
    {
        var copy = stackalloc double[OrderLimit * OrderLimit];
        var stride = (n + 3) & ~3;
        for (var j = 0; j < n; j++)
            Unsafe.CopyBlockUnaligned(copy + j * stride + j, A + (long)j * lda + j, (uint)((n - j) * sizeof(double)));
        var failing = -1;
        for (var j = 0; j < n && failing < 0; j++)
        {
            for (var i = j & ~3; i < stride; i += 8)
                SubtractEarlier(copy, stride, j, i);
            var pivot = copy[j * stride + j];
            if (!IsPivot(pivot))
                failing = j;
            var root = Math.Sqrt(pivot);
            var reciprocal = Vector256.Create(1 / root);
            for (var i = j & ~3; i < stride; i += 4)
                (Vector256.Load(copy + j * stride + i) * reciprocal).Store(copy + j * stride + i);
            copy[j * stride + j] = root;
        }

        for (var j = 0; j < n; j++)
            Unsafe.CopyBlockUnaligned(A + (long)j * lda + j, copy + j * stride + j, (uint)((n - j) * sizeof(double)));
        return failing;
    }

    /// <summary>Rows i … i + 7 of column j, less the columns before it times row j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SubtractEarlier(double* copy, int stride, int j, int i)
    {
        var target = copy + j * stride + i;
        var source = copy + i;
        var row = copy + j;
        var wide = i + 8 <= stride;
        var upper = Vector256.Load(target);
        var lower = wide ? Vector256.Load(target + 4) : default;
        for (var p = 0; p < j; p++, source += stride, row += stride)
        {
            var value = Vector256.Create(-*row);
            upper = Vectors.MultiplyAdd(value, Vector256.Load(source), upper);
            if (wide)
                lower = Vectors.MultiplyAdd(value, Vector256.Load(source + 4), lower);
        }

        upper.Store(target);
        if (wide)
            lower.Store(target + 4);
    }
}
