using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MixedModels.LinearAlgebra;

/// <summary>The inverse of a lower triangle that fits the nearest cache, or of the matrix whose Cholesky factor it is.</summary>
internal static unsafe class SmallInverse
{
    /// <summary>The largest order taken here.</summary>
    public const int OrderLimit = 32;

    /// <summary>Overwrites L by the lower triangle of (LL')⁻¹.</summary>
    public static void FromCholesky(double* L, int n, int ldl)
    {
        if (n == 1)
            L[0] = 1 / L[0] / L[0];
        else if (n == 2)
            FromTwo(L, ldl);
        else
            FromColumns(L, n, ldl);
    }

    /// <summary>Overwrites L by L⁻¹.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfTriangle(double* L, int n, int ldl)
    {
        // Row k of the inverse is finished, and its share subtracted from the rows below, in whole vectors of a copy.
        var copy = stackalloc double[OrderLimit * OrderLimit];
        var below = stackalloc double[OrderLimit];
        var stride = (n + 3) & ~3;
        for (var j = 0; j < n; j++)
            Unsafe.CopyBlockUnaligned(copy + j * stride + j, L + (long)j * ldl + j, (uint)((n - j) * sizeof(double)));
        for (var k = 0; k < n; k++)
        {
            var pivot = copy + k * stride;
            var reciprocal = 1 / pivot[k];
            below[k] = 0;
            for (var i = k + 1; i < n; i++)
            {
                below[i] = -pivot[i];
                pivot[i] *= -reciprocal;
            }

            pivot[k] = reciprocal;
            for (var c = 0; c < k; c++)
            {
                var column = copy + c * stride;
                column[k] *= reciprocal;
                var factor = Vector256.Create(column[k]);
                for (var i = (k + 1) & ~3; i < stride; i += 4)
                    Vectors.MultiplyAdd(factor, Vector256.Load(below + i), Vector256.Load(column + i)).Store(column + i);
            }
        }

        for (var j = 0; j < n; j++)
            Unsafe.CopyBlockUnaligned(L + (long)j * ldl + j, copy + j * stride + j, (uint)((n - j) * sizeof(double)));
    }

    private static void FromTwo(double* L, int ldl)
    {
        // L⁻¹ = [a 0; b c]; its transpose times itself.
        var a = 1 / L[0];
        var c = 1 / L[ldl + 1];
        var b = -L[1] * a * c;
        L[0] = a * a + b * b;
        L[1] = b * c;
        L[ldl + 1] = c * c;
    }

    // The sweep of BlockedInverse by single rows, in a copy whose columns are whole vectors: one step is a rank-one update of
    // the columns before it, whose direction holds a row of W above the pivot and −L below. What the copy holds above the
    // diagonal is carried along and dropped.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FromColumns(double* L, int n, int ldl)
    {
        var copy = stackalloc double[OrderLimit * OrderLimit];
        var direction = stackalloc double[OrderLimit];
        var stride = (n + 3) & ~3;
        for (var j = 0; j < n; j++)
            Unsafe.CopyBlockUnaligned(copy + j * stride + j, L + (long)j * ldl + j, (uint)((n - j) * sizeof(double)));
        for (var k = 0; k < n; k++)
        {
            var pivot = copy + k * stride;
            var reciprocal = 1 / pivot[k];
            for (var c = 0; c < k; c++)
            {
                direction[c] = copy[k + c * stride] * reciprocal;
                copy[k + c * stride] = 0;
            }

            direction[k] = reciprocal;
            pivot[k] = reciprocal * reciprocal;
            for (var i = k + 1; i < n; i++)
            {
                direction[i] = -pivot[i];
                pivot[i] *= -reciprocal;
            }

            AddDirection(copy, stride, direction, k);
        }

        for (var j = 0; j < n; j++)
            Unsafe.CopyBlockUnaligned(L + (long)j * ldl + j, copy + j * stride + j, (uint)((n - j) * sizeof(double)));
    }

    /// <summary>Adds direction[c] · direction to each column c before <paramref name="k"/>, from its diagonal down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddDirection(double* copy, int stride, double* direction, int k)
    {
        for (var c = 0; c < k; c++)
        {
            var factor = Vector256.Create(direction[c]);
            var column = copy + c * stride;
            for (var i = c & ~3; i < stride; i += 4)
                Vectors.MultiplyAdd(factor, Vector256.Load(direction + i), Vector256.Load(column + i)).Store(column + i);
        }
    }
}
