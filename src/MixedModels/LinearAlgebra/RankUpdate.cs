using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MixedModels.LinearAlgebra;

/// <summary>
/// C += alpha · left · right for packed operands of one depth, over the whole of C or its lower part. Rows and columns may
/// be cut among threads at multiples of <see cref="Grain"/> without changing a bit.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct RankUpdate
{
    /// <summary>A common multiple of all tile sizes.</summary>
    public const int Grain = 24;

    /// <summary>The <see cref="Shift"/> of an update without a diagonal.</summary>
    public const int Everywhere = int.MaxValue / 2;

    public double Alpha;
    public double* Left;
    public double* Right;

    /// <summary>Terms of each sum.</summary>
    public int Depth;

    /// <summary>Depth the panels have room for.</summary>
    public int Stride;

    public double* C;
    public int Ldc;

    /// <summary>Element (i, j) takes part where i + Shift ≥ j; the others are neither read nor written.</summary>
    public int Shift;

    /// <summary>Updates rows [<paramref name="top"/>, <paramref name="bottom"/>) and columns [<paramref name="first"/>, <paramref name="last"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Apply<TKernel>(int top, int bottom, int first, int last)
        where TKernel : struct, IMicroKernel
    {
        for (var j = first; j < last; j += TKernel.Columns)
        {
            var highest = Math.Max(j - Shift, top);
            for (var i = highest - (highest - top) % TKernel.Rows; i < bottom; i += TKernel.Rows)
            {
                var inside = i + TKernel.Rows <= bottom && j + TKernel.Columns <= last && i + Shift >= j + TKernel.Columns - 1;
                if (inside)
                    TKernel.MultiplyAdd(Depth, Left + (long)i * Stride, Right + (long)j * Stride, Alpha, C + i + (long)j * Ldc, Ldc);
                else
                    ApplyPartly<TKernel>(i, Math.Min(i + TKernel.Rows, bottom), j, Math.Min(j + TKernel.Columns, last));
            }
        }
    }

    // The same kernel on a tile of zeros, whose wanted part is then added, so that an edge is summed like the middle.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void ApplyPartly<TKernel>(int top, int bottom, int first, int last)
        where TKernel : struct, IMicroKernel
    {
        var tile = stackalloc double[TKernel.Rows * TKernel.Columns];
        TKernel.MultiplyAdd(Depth, Left + (long)top * Stride, Right + (long)first * Stride, Alpha, tile, TKernel.Rows);
        for (var j = first; j < last; j++, tile += TKernel.Rows)
        {
            var highest = Math.Max(top, j - Shift);
            AddColumn(tile + (highest - top), C + highest + (long)j * Ldc, bottom - highest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddColumn(double* source, double* target, int count)
    {
        var i = 0;
        for (; i + 4 <= count; i += 4)
            (Vector256.Load(target + i) + Vector256.Load(source + i)).Store(target + i);
        for (; i < count; i++)
            target[i] += source[i];
    }
}
