using System.Runtime.InteropServices;
using MixedModels.Execution;

namespace MixedModels.LinearAlgebra;

/// <summary>
/// L⁻¹B and L⁻ᵀB for many columns: block by block, the columns of B are solved as packed panels and the rest of B is
/// updated with them. The transposed solve is the same from the other end.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct BlockedSolve
{
    private const int BlockLimit = 144;

    private readonly bool transposed;
    private readonly double* L;
    private readonly int n;
    private readonly int ldl;
    private readonly double* B;
    private readonly int columns;
    private readonly int ldb;

    /// <summary>First row of the block at hand, and its height.</summary>
    private int row;
    private int height;

    private PackedTriangle triangle;
    private RankUpdate update;
    private TileGrid grid;

    public BlockedSolve(bool transposed, double* L, int n, int ldl, double* B, int columns, int ldb)
    {
        this.transposed = transposed;
        this.L = L;
        this.n = n;
        this.ldl = ldl;
        this.B = B;
        this.columns = columns;
        this.ldb = ldb;
    }

    /// <summary>Rows still to be solved once the block at hand is: those below it, or for the transposed solve those above.</summary>
    private readonly int Remaining => transposed ? row : n - row - height;

    /// <summary>Solves in place.</summary>
    public void Run<TKernel>(ThreadTeam? team)
        where TKernel : struct, IMicroKernel
    {
        var block = n <= 2 * BlockLimit ? TileGrid.RoundUp((n + 3) / 4) : BlockLimit;
        var stride = PackedTriangle.StrideFor<TKernel>(block);
        long left = TileGrid.RoundUp(n), right = TileGrid.RoundUp(columns);
        var slices = TileGrid.Slices(columns);
        using var buffer = new PackBuffer((left + right) * stride + PackedTriangle.LengthFor<TKernel>(block));
        update = new RankUpdate { Alpha = -1, Ldc = ldb, Shift = RankUpdate.Everywhere, Left = buffer.Pointer, Right = buffer.Pointer + left * stride };
        fixed (BlockedSolve* job = &this)
        {
            for (var step = 0; step < n; step += block)
            {
                height = Math.Min(block, n - step);
                row = transposed ? n - step - height : step;
                PackBlock<TKernel>(update.Right + right * stride);
                ThreadTeam.Run(team, slices + TileGrid.Slices(Remaining), &SolvePanel<TKernel>, job);
                grid = new TileGrid(Remaining, columns, team?.Threads ?? 1);
                ThreadTeam.Run(team, grid.Parts, &UpdateRemainder<TKernel>, job);
            }
        }
    }

    private void PackBlock<TKernel>(double* packed)
        where TKernel : struct, IMicroKernel
    {
        var corner = L + row * (ldl + 1L);
        triangle = transposed ? PackedTriangle.Backward<TKernel>(corner, height, ldl, packed) : PackedTriangle.Forward<TKernel>(corner, height, ldl, packed);
        update.Depth = height;
        update.Stride = triangle.Stride;
        update.C = transposed ? B : B + row + height;
    }

    private static void SolvePanel<TKernel>(void* state, int part)
        where TKernel : struct, IMicroKernel
    {
        var job = (BlockedSolve*)state;
        var slices = TileGrid.Slices(job->columns);
        if (part < slices)
            job->SolveColumns<TKernel>(part);
        else
            job->PackRemaining<TKernel>(part - slices);
    }

    // The slice's place among the right operands serves as scratch for its solves before it receives their result.
    private readonly void SolveColumns<TKernel>(int slice)
        where TKernel : struct, IMicroKernel
    {
        var (start, count) = TileGrid.Slice(slice, columns);
        var rows = new PanelSource(B + row, ldb, 1).From(start, 0);
        var along = transposed ? rows.Backwards(height) : rows;
        var panels = update.Right + (long)start * triangle.Stride;
        Panels.PackLeft<TKernel>(along, count, height, triangle.Stride, panels);
        triangle.Solve<TKernel>(panels, count);
        Panels.UnpackLeft<TKernel>(panels, triangle.Stride, along, count, height, 1);
        Panels.PackRight<TKernel>(rows, count, height, triangle.Stride, panels);
    }

    private readonly void PackRemaining<TKernel>(int slice)
        where TKernel : struct, IMicroKernel
    {
        var (start, count) = TileGrid.Slice(slice, Remaining);
        var rows = transposed ? PanelSource.Left(L + row, ldl, transpose: true) : PanelSource.Left(L + row + height + (long)row * ldl, ldl, transpose: false);
        Panels.PackLeft<TKernel>(rows.From(start, 0), count, height, triangle.Stride, update.Left + (long)start * triangle.Stride);
    }

    private static void UpdateRemainder<TKernel>(void* state, int part)
        where TKernel : struct, IMicroKernel
    {
        var job = (BlockedSolve*)state;
        var (top, bottom, first, last) = job->grid.Tile(part);
        job->update.Apply<TKernel>(top, bottom, first, last);
    }
}
