using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MixedModels.LinearAlgebra;

/// <summary>
/// A view of a matrix for packing: element (i, p) is <c>First[i * Along + p * Depth]</c>, where i runs along the panels
/// and p through their depth. Negative strides read a matrix backwards.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct PanelSource(double* first, long along, long depth)
{
    public double* First { get; } = first;

    public long Along { get; } = along;

    public long Depth { get; } = depth;

    /// <summary>op(A) of column-major A as a left operand: rows along, columns through the depth.</summary>
    public static PanelSource Left(double* A, int lda, bool transpose) => transpose ? new(A, lda, 1) : new(A, 1, lda);

    /// <summary>op(B) of column-major B as a right operand: columns along, rows through the depth.</summary>
    public static PanelSource Right(double* B, int ldb, bool transpose) => Left(B, ldb, !transpose);

    /// <summary>The same view from element (<paramref name="i"/>, <paramref name="p"/>) on.</summary>
    public PanelSource From(long i, long p) => new(First + i * Along + p * Depth, Along, Depth);

    /// <summary>The first <paramref name="depth"/> depths of the view from the last to the first.</summary>
    public PanelSource Backwards(int depth) => new(First + (depth - 1) * Depth, Along, -Depth);
}

/// <summary>
/// Copies between matrices and packed panels. A panel of width w holds its elements depth by depth, w at a time, padded
/// with zeros to the full width.
/// </summary>
internal static unsafe class Panels
{
    /// <summary>Packs <paramref name="count"/> × <paramref name="depth"/> elements into panels of a left operand.</summary>
    /// <param name="source">The view of the matrix.</param>
    /// <param name="count">Elements along the panels.</param>
    /// <param name="depth">Depth to copy.</param>
    /// <param name="stride">Depth a panel has room for; the rest is filled with zeros.</param>
    /// <param name="target">The first panel.</param>
    public static void PackLeft<TKernel>(PanelSource source, int count, int depth, int stride, double* target)
        where TKernel : struct, IMicroKernel
    {
        for (var i = 0; i < count; i += TKernel.Rows)
            PackPanel(TKernel.Rows, source.From(i, 0), Math.Min(TKernel.Rows, count - i), depth, stride, target + (long)i * stride);
    }

    /// <summary>Packs <paramref name="count"/> × <paramref name="depth"/> elements into panels of a right operand.</summary>
    /// <inheritdoc cref="PackLeft{TKernel}"/>
    public static void PackRight<TKernel>(PanelSource source, int count, int depth, int stride, double* target)
        where TKernel : struct, IMicroKernel
    {
        for (var i = 0; i < count; i += TKernel.Columns)
            PackPanel(TKernel.Columns, source.From(i, 0), Math.Min(TKernel.Columns, count - i), depth, stride, target + (long)i * stride);
    }

    /// <summary>Writes the first <paramref name="count"/> × <paramref name="depth"/> elements of one left panel back, times <paramref name="sign"/>.</summary>
    public static void UnpackLeft<TKernel>(double* panel, PanelSource target, int count, int depth, double sign)
        where TKernel : struct, IMicroKernel
    {
        for (var p = 0; p < depth; p++)
        {
            var values = panel + (long)p * TKernel.Rows;
            var row = target.First + p * target.Depth;
            for (var i = 0; i < count; i++)
                row[i * target.Along] = sign * values[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackPanel(int width, PanelSource source, int count, int depth, int stride, double* target)
    {
        if (count < width)
            PackNarrow(width, source, count, depth, target);
        else if (source.Along == 1)
            CopyRuns(width, source, depth, target);
        else
            Interleave(width, source, depth, target);
        new Span<double>(target + (long)depth * width, (stride - depth) * width).Clear();
    }

    private static void PackNarrow(int width, PanelSource source, int count, int depth, double* target)
    {
        for (var p = 0; p < depth; p++, target += width)
        {
            var values = source.First + p * source.Depth;
            for (var i = 0; i < count; i++)
                target[i] = values[i * source.Along];
            for (var i = count; i < width; i++)
                target[i] = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRuns(int width, PanelSource source, int depth, double* target)
    {
        var values = source.First;
        for (var p = 0; p < depth; p++, target += width, values += source.Depth)
        {
            for (var i = 0; i + 4 <= width; i += 4)
                Vector256.Store(Vector256.Load(values + i), target + i);
            if (width % 4 != 0)
                Vector128.Store(Vector128.Load(values + width - 2), target + width - 2);
        }
    }

    // Four lines of the source at a time: each is read in order, and no more lines are open than the nearest cache has ways.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(int width, PanelSource source, int depth, double* target)
    {
        var (along, step) = (source.Along, source.Depth);
        for (var i = 0; i + 4 <= width; i += 4)
        {
            var values = source.First + i * along;
            var to = target + i;
            for (var p = 0; p < depth; p++, values += step, to += width)
                Vector256.Store(Vector256.Create(values[0], values[along], values[2 * along], values[3 * along]), to);
        }

        if (width % 4 != 0)
        {
            var values = source.First + (width - 2) * along;
            var to = target + width - 2;
            for (var p = 0; p < depth; p++, values += step, to += width)
                Vector128.Store(Vector128.Create(values[0], values[along]), to);
        }
    }
}
