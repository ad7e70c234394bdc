using System.Runtime.CompilerServices;

namespace MixedModels.LinearAlgebra;

/// <summary>Triangular solves without packing, for small triangles and for a few columns.</summary>
internal static unsafe class DirectSolve
{
    /// <summary>Columns of L solved element by element before the rest is updated with all of them.</summary>
    private const int Block = 32;

    /// <summary>B := L⁻¹B, or L⁻ᵀB.</summary>
    public static void Solve(bool transposed, double* L, int n, int ldl, double* B, int columns, int ldb)
    {
        for (var c = 0; c < columns; c++)
        {
            if (transposed)
                LowerTransposed(L, n, ldl, B + (long)c * ldb);
            else
                Lower(L, n, ldl, B + (long)c * ldb);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Lower(double* L, int n, int ldl, double* b)
    {
        for (var start = 0; start < n; start += Block)
        {
            var end = Math.Min(start + Block, n);
            SolveBlock(L + start * (ldl + 1L), end - start, ldl, b + start);
            if (end < n)
                DirectProduct.AddColumns(-1, L + end + (long)start * ldl, ldl, b + start, 1, b + end, n - end, end - start);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void LowerTransposed(double* L, int n, int ldl, double* b)
    {
        for (var start = (n - 1) / Block * Block; start >= 0; start -= Block)
        {
            var end = Math.Min(start + Block, n);
            if (end < n)
                DirectProduct.AddDots(-1, L + end + (long)start * ldl, ldl, b + end, 1, b + start, end - start, n - end);
            SolveBlockTransposed(L + start * (ldl + 1L), end - start, ldl, b + start);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SolveBlock(double* L, int n, int ldl, double* b)
    {
        for (var j = 0; j < n; j++, L += ldl)
        {
            var x = b[j] / L[j];
            b[j] = x;
            for (var i = j + 1; i < n; i++)
                b[i] -= x * L[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SolveBlockTransposed(double* L, int n, int ldl, double* b)
    {
        for (var j = n - 1; j >= 0; j--)
        {
            var column = L + (long)j * ldl;
            var sum = b[j];
            for (var i = j + 1; i < n; i++)
                sum -= column[i] * b[i];
            b[j] = sum / column[j];
        }
    }
}
