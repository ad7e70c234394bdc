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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackLeft<TKernel>(PanelSource source, int count, int depth, int stride, double* target)
        where TKernel : struct, IMicroKernel => Pack(TKernel.Rows, source, count, depth, stride, target);

    /// <summary>Packs <paramref name="count"/> × <paramref name="depth"/> elements into panels of a right operand.</summary>
    /// <inheritdoc cref="PackLeft{TKernel}"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackRight<TKernel>(PanelSource source, int count, int depth, int stride, double* target)
        where TKernel : struct, IMicroKernel => Pack(TKernel.Columns, source, count, depth, stride, target);

    /// <summary>Writes <paramref name="count"/> × <paramref name="depth"/> elements of left panels back, times <paramref name="sign"/>.</summary>
    public static void UnpackLeft<TKernel>(double* panels, int stride, PanelSource target, int count, int depth, double sign)
        where TKernel : struct, IMicroKernel
    {
        for (var i = 0; i < count; i += TKernel.Rows)
        {
            var panel = panels + (long)i * stride;
            var width = Math.Min(TKernel.Rows, count - i);
            if (target.Along == 1)
                WriteRuns(TKernel.Rows, panel, target.From(i, 0), width, depth, sign);
            else
                WriteAcross(TKernel.Rows, panel, target.From(i, 0), width, depth, sign);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pack(int width, PanelSource source, int count, int depth, int stride, double* target)
    {
        var whole = count / width;
        if (source.Along == 1)
            CopyRuns(width, source, whole, depth, stride, target);
        else
            Interleave(width, source, whole, depth, stride, target);
        if (whole * width < count)
            PackNarrow(width, source.From(whole * width, 0), count - whole * width, depth, target + (long)whole * width * stride);
        for (var i = 0; i < count && depth < stride; i += width)
            new Span<double>(target + (long)i * stride + (long)depth * width, (stride - depth) * width).Clear();
    }

    // All panels at one depth, then the next: the source is read in runs as long as there are rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRuns(int width, PanelSource source, int panels, int depth, int stride, double* target)
    {
        for (var p = 0; p < depth; p++, target += width)
        {
            var run = source.First + p * source.Depth;
            var to = target;
            for (var panel = 0; panel < panels; panel++, run += width, to += (long)width * stride)
            {
                for (var i = 0; i + 4 <= width; i += 4)
                    Vector256.Store(Vector256.Load(run + i), to + i);
                if (width % 4 != 0)
                    Vector128.Store(Vector128.Load(run + width - 2), to + width - 2);
            }
        }
    }

    // Four lines of the source at a time: each is read in order, and no more lines are open than the nearest cache has ways.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(int width, PanelSource source, int panels, int depth, int stride, double* target)
    {
        var (along, step) = (source.Along, source.Depth);
        for (var panel = 0; panel < panels; panel++, target += (long)width * stride)
        {
            var lines = source.First + panel * width * along;
            for (var i = 0; i + 4 <= width; i += 4)
            {
                var values = lines + i * along;
                var to = target + i;
                for (var p = 0; p < depth; p++, values += step, to += width)
                    Vector256.Store(Vector256.Create(values[0], values[along], values[2 * along], values[3 * along]), to);
            }

            if (width % 4 != 0)
            {
                var values = lines + (width - 2) * along;
                var to = target + width - 2;
                for (var p = 0; p < depth; p++, values += step, to += width)
                    Vector128.Store(Vector128.Create(values[0], values[along]), to);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackNarrow(int width, PanelSource source, int count, int depth, double* target)
    {
        new Span<double>(target, depth * width).Clear();
        if (source.Along == 1)
        {
            WriteRuns(source.Depth, source.First, new PanelSource(target, 1, width), count, depth, 1);
            return;
        }

        for (var i = 0; i < count; i++)
            CopyLine(source.First + i * source.Along, source.Depth, target + i, width, depth, 1);
    }

    /// <summary>Writes runs that lie <paramref name="width"/> apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteRuns(long width, double* runs, PanelSource target, int count, int depth, double sign)
    {
        var factor = Vector256.Create(sign);
        for (var p = 0; p < depth; p++, runs += width)
        {
            var to = target.First + p * target.Depth;
            var i = 0;
            for (; i + 4 <= count; i += 4)
                (factor * Vector256.Load(runs + i)).Store(to + i);
            for (; i < count; i++)
                to[i] = sign * runs[i];
        }
    }

    /// <summary>Writes each element along a panel as a line of its own, in order.</summary>
    private static void WriteAcross(int width, double* panel, PanelSource target, int count, int depth, double sign)
    {
        for (var i = 0; i < count; i++)
            CopyLine(panel + i, width, target.First + i * target.Along, target.Depth, depth, sign);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyLine(double* source, long sourceStep, double* target, long targetStep, int count, double sign)
    {
        for (; count > 0; count--, source += sourceStep, target += targetStep)
            *target = sign * *source;
    }
}
