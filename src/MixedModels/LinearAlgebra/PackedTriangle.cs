using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MixedModels.LinearAlgebra;

/// <summary>
/// A lower triangle L packed for solving X Lᵀ = B, panel by panel of B's rows. All four solves reduce to it: B is a view of
/// a matrix or its transpose, and Lᵀ read backwards is a lower triangle again.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly unsafe struct PackedTriangle
{
    private readonly double* panels;

    private PackedTriangle(double* panels, int stride)
    {
        this.panels = panels;
        Stride = stride;
    }

    /// <summary>The order rounded up to whole tiles: the depth of the triangle's panels and of those it solves.</summary>
    public int Stride { get; }

    /// <summary>The depth that panels for a triangle of this order need.</summary>
    public static int StrideFor<TKernel>(int order)
        where TKernel : struct, IMicroKernel => (order + TKernel.Columns - 1) / TKernel.Columns * TKernel.Columns;

    /// <summary>Numbers the packed form needs.</summary>
    public static long LengthFor<TKernel>(int order)
        where TKernel : struct, IMicroKernel => (long)StrideFor<TKernel>(order) * StrideFor<TKernel>(order);

    /// <summary>Packs L as it stands, for X := B L⁻ᵀ, or with the columns of B as panel rows, B := L⁻¹B.</summary>
    public static PackedTriangle Forward<TKernel>(double* L, int order, int ldl, double* target)
        where TKernel : struct, IMicroKernel => Pack<TKernel>(new PanelSource(L, 1, ldl), order, target);

    /// <summary>Packs L read backwards, for X := B L⁻¹ and B := L⁻ᵀB on panels whose depth runs backwards too.</summary>
    public static PackedTriangle Backward<TKernel>(double* L, int order, int ldl, double* target)
        where TKernel : struct, IMicroKernel => Pack<TKernel>(new PanelSource(L + (order - 1L) * (ldl + 1L), -ldl, -1), order, target);

    /// <summary>Solves in place for the left panels of <see cref="Stride"/> depth that hold <paramref name="count"/> rows.</summary>
    public void Solve<TKernel>(double* rows, int count)
        where TKernel : struct, IMicroKernel
    {
        for (var i = 0; i < count; i += TKernel.Rows)
            SolvePanel<TKernel>(rows + (long)i * Stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SolvePanel<TKernel>(double* panel)
        where TKernel : struct, IMicroKernel
    {
        for (var j = 0; j < Stride; j += TKernel.Columns)
        {
            var row = panels + (long)j * Stride;
            var tile = panel + (long)j * TKernel.Rows;
            if (j > 0)
                TKernel.MultiplyAdd(j, panel, row, -1, tile, TKernel.Rows);
            TKernel.SolveTile(row + (long)j * TKernel.Columns, tile);
        }
    }

    // Element (j, p) of L goes to depth p of the panel that holds row j. Rows beyond the order are those of a unit matrix, so
    // that the padding of a solved panel stays zero.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static PackedTriangle Pack<TKernel>(PanelSource L, int order, double* target)
        where TKernel : struct, IMicroKernel
    {
        var stride = StrideFor<TKernel>(order);
        for (var j = 0; j < order; j += TKernel.Columns)
        {
            var panel = target + (long)j * stride;
            var rows = Math.Min(TKernel.Columns, order - j);
            Panels.PackRight<TKernel>(L.From(j, 0), rows, j, j, panel);
            PackCorner<TKernel>(L.From(j, j), rows, panel + (long)j * TKernel.Columns);
        }

        return new PackedTriangle(target, stride);
    }

    // What lies above the diagonal is never read by a solve and is left as it is.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackCorner<TKernel>(PanelSource L, int order, double* target)
        where TKernel : struct, IMicroKernel
    {
        for (var j = 0; j < TKernel.Columns; j++)
        {
            for (var p = 0; p < j; p++)
                target[p * TKernel.Columns + j] = j < order ? *L.From(j, p).First : 0;
            target[j * (TKernel.Columns + 1)] = j < order ? 1 / *L.From(j, j).First : 1;
        }
    }
}
