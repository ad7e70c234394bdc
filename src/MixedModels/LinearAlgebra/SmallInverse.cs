using System.Runtime.CompilerServices;

namespace MixedModels.LinearAlgebra;

/// <summary>The inverse from the Cholesky factor of a matrix that fits the nearest cache.</summary>
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

    // W = L⁻¹ column by column into a copy, then the products of its columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FromColumns(double* L, int n, int ldl)
    {
        var W = stackalloc double[OrderLimit * OrderLimit];
        var reciprocal = stackalloc double[OrderLimit];
        for (var j = 0; j < n; j++)
            reciprocal[j] = 1 / L[j * (ldl + 1L)];
        for (var j = 0; j < n; j++)
        {
            var w = W + j * n;
            w[j] = 1;
            for (var p = j; p < n; p++)
            {
                w[p] *= reciprocal[p];
                Vectors.AddScaled(-w[p], L + p + 1 + (long)p * ldl, w + p + 1, n - p - 1);
            }
        }

        for (var j = 0; j < n; j++)
        {
            for (var i = j; i < n; i++)
                L[i + (long)j * ldl] = Vectors.Dot(W + i + i * n, W + i + j * n, n - i);
        }
    }
}
