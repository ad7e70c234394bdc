using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MixedModels.LinearAlgebra;

/// <summary>The two triangles of a symmetric matrix.</summary>
internal static class Symmetric
{
    /// <summary>Tile that is copied at a time: its lines stay in the nearest cache while they are read across.</summary>
    private const int Tile = 16;

    /// <summary>Copies the strictly lower triangle of column-major A to the upper one.</summary>
    public static void MirrorLower(Span<double> A, int n, int lda)
    {
        Debug.Assert(n == 0 || A.Length >= (n - 1L) * lda + n, "the span holds the whole matrix");
        for (var column = 0; column < n; column += Tile)
        {
            for (var row = column; row < n; row += Tile)
                MirrorTile(A, lda, row, Math.Min(row + Tile, n), column, Math.Min(column + Tile, n));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MirrorTile(Span<double> A, int lda, int top, int bottom, int first, int last)
    {
        for (var j = first; j < last; j++)
        {
            for (var i = Math.Max(top, j + 1); i < bottom; i++)
                A[j + i * lda] = A[i + j * lda];
        }
    }
}
