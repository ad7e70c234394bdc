using System.Runtime.CompilerServices;

namespace MixedModels.LinearAlgebra;

/// <summary>Packs panels of a symmetric matrix of which only the lower triangle is stored.</summary>
internal static unsafe class SymmetricPanels
{
    /// <summary>Packs rows [<paramref name="start"/>, start + count) at depths [<paramref name="depthStart"/>, depthStart + depth).</summary>
    public static void Pack<TKernel>(PanelSource lower, int start, int count, int depthStart, int depth, int stride, double* target)
        where TKernel : struct, IMicroKernel
    {
        var mirrored = new PanelSource(lower.First, lower.Depth, lower.Along);
        for (var i = start; i < start + count; i += TKernel.Rows, target += (long)TKernel.Rows * stride)
        {
            var rows = Math.Min(TKernel.Rows, start + count - i);
            if (i >= depthStart + depth - 1)
                Panels.PackLeft<TKernel>(lower.From(i, depthStart), rows, depth, stride, target);
            else if (i + rows <= depthStart + 1)
                Panels.PackLeft<TKernel>(mirrored.From(i, depthStart), rows, depth, stride, target);
            else
                PackAcross<TKernel>(lower, i, rows, depthStart, depth, stride, target);
        }
    }

    // A panel the diagonal runs through: each element from the side that is stored.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackAcross<TKernel>(PanelSource lower, int top, int rows, int depthStart, int depth, int stride, double* target)
        where TKernel : struct, IMicroKernel
    {
        new Span<double>(target, TKernel.Rows * stride).Clear();
        for (var p = 0; p < depth; p++)
        {
            for (var i = 0; i < rows; i++)
            {
                var (row, column) = (top + i, depthStart + p);
                target[p * TKernel.Rows + i] = *lower.From(Math.Max(row, column), Math.Min(row, column)).First;
            }
        }
    }
}
