using System.Runtime.InteropServices;
using MixedModels.Execution;

namespace MixedModels.LinearAlgebra;

/// <summary>
/// C += alpha · left · right by rank updates of a limited depth: both operands of a step are packed by the team, then the
/// tiles of C are shared out.
/// </summary>
/// <remarks>Source: Goto and van de Geijn 2008, ACM TOMS 34(3), section 5 (the block-panel order).</remarks>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct PackedProduct
{
    /// <summary>Depth of a step: a right panel of 8 × 256 fills half the nearest cache (at order 1128 no slower than 128, 192 or 384).</summary>
    private const int DepthLimit = 256;

    private readonly PanelSource left;
    private readonly PanelSource right;
    private readonly int m;
    private readonly int n;
    private readonly int k;
    private RankUpdate update;
    private TileGrid grid;
    private int depthStart;

    public PackedProduct(double alpha, PanelSource left, PanelSource right, double* C, int ldc, int m, int n, int k)
    {
        (this.left, this.right, this.m, this.n, this.k) = (left, right, m, n, k);
        update = new RankUpdate { Alpha = alpha, C = C, Ldc = ldc, Shift = RankUpdate.Everywhere };
    }

    /// <summary>0 restricts the product to the lower triangle of C.</summary>
    public int Shift
    {
        init => update.Shift = value;
    }

    /// <summary>Whether the left view shows the lower triangle of a symmetric matrix.</summary>
    public bool LeftIsLowerOfSymmetric { get; init; }

    /// <summary>Computes the product.</summary>
    public void Run<TKernel>(ThreadTeam? team)
        where TKernel : struct, IMicroKernel
    {
        var steps = (k + DepthLimit - 1) / DepthLimit;
        update.Stride = (k + steps - 1) / steps;
        long rows = TileGrid.RoundUp(m), columns = TileGrid.RoundUp(n);
        using var buffer = new PackBuffer((rows + columns) * update.Stride);
        update.Left = buffer.Pointer;
        update.Right = buffer.Pointer + rows * update.Stride;
        grid = new TileGrid(m, n, team?.Threads ?? 1);
        fixed (PackedProduct* job = &this)
        {
            for (depthStart = 0; depthStart < k; depthStart += update.Stride)
            {
                update.Depth = Math.Min(update.Stride, k - depthStart);
                ThreadTeam.Run(team, TileGrid.Slices(m) + TileGrid.Slices(n), &Pack<TKernel>, job);
                ThreadTeam.Run(team, grid.Parts, &Multiply<TKernel>, job);
            }
        }
    }

    private static void Pack<TKernel>(void* state, int part)
        where TKernel : struct, IMicroKernel
    {
        var job = (PackedProduct*)state;
        var leftSlices = TileGrid.Slices(job->m);
        if (part < leftSlices)
            job->PackLeft<TKernel>(part);
        else
            job->PackRight<TKernel>(part - leftSlices);
    }

    private readonly void PackLeft<TKernel>(int slice)
        where TKernel : struct, IMicroKernel
    {
        var (start, count) = TileGrid.Slice(slice, m);
        var target = update.Left + (long)start * update.Stride;
        if (LeftIsLowerOfSymmetric)
            SymmetricPanels.Pack<TKernel>(left, start, count, depthStart, update.Depth, update.Stride, target);
        else
            Panels.PackLeft<TKernel>(left.From(start, depthStart), count, update.Depth, update.Stride, target);
    }

    private readonly void PackRight<TKernel>(int slice)
        where TKernel : struct, IMicroKernel
    {
        var (start, count) = TileGrid.Slice(slice, n);
        Panels.PackRight<TKernel>(right.From(start, depthStart), count, update.Depth, update.Stride, update.Right + (long)start * update.Stride);
    }

    private static void Multiply<TKernel>(void* state, int part)
        where TKernel : struct, IMicroKernel
    {
        var job = (PackedProduct*)state;
        var (top, bottom, first, last) = job->grid.Tile(part);
        job->update.Apply<TKernel>(top, bottom, first, last);
    }
}
