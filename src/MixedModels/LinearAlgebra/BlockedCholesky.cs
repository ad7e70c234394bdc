using System.Runtime.InteropServices;
using MixedModels.Execution;

namespace MixedModels.LinearAlgebra;

/// <summary>
/// Right-looking Cholesky by block columns: factor the diagonal block, solve the panel below it, update what is left. The
/// solved panel is kept in packed form and is the left operand of the update; the next diagonal block is factorised beside
/// the update, so that the team does not wait for it.
/// </summary>
/// <remarks>Source: Golub and Van Loan 2013, Matrix Computations, 4th ed., section 4.2.6 (block outer product Cholesky).</remarks>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct BlockedCholesky
{
    private double* A;
    private int n;
    private int lda;

    /// <summary>First column of the block at hand, and its width.</summary>
    private int column;
    private int width;

    /// <summary>Width of the block after it.</summary>
    private int nextWidth;

    private PackedTriangle triangle;
    private RankUpdate update;
    private TileGrid grid;
    private int failing;

    /// <summary>Factorises in place; returns −1 or the failing column.</summary>
    public static int Factor<TKernel>(double* A, int n, int lda, ThreadTeam? team)
        where TKernel : struct, IMicroKernel
    {
        if (n <= SmallCholesky.OrderLimit)
            return SmallCholesky.Factor(A, n, lda);
        var job = new BlockedCholesky { A = A, n = n, lda = lda };
        return job.Run<TKernel>(BlockWidth(n), team);
    }

    // Wide blocks make the update efficient, narrow ones keep the serial diagonal short; these were found by trial
    // on AVX-512, and from half to twice of them the time changes by a tenth at most. Where a third block follows, the width
    // must be a multiple of the grain.
    private static int BlockWidth(int n) => n switch
    {
        <= 64 => (n + 1) / 2,
        <= 96 => 24,
        <= 256 => 48,
        <= 768 => 96,
        <= 1536 => 144,
        _ => 192,
    };

    private int Run<TKernel>(int block, ThreadTeam? team)
        where TKernel : struct, IMicroKernel
    {
        var stride = PackedTriangle.StrideFor<TKernel>(block);
        long rows = TileGrid.RoundUp(n - block);
        using var buffer = new PackBuffer(2 * rows * stride + PackedTriangle.LengthFor<TKernel>(block));
        update = new RankUpdate { Alpha = -1, Ldc = lda, Left = buffer.Pointer, Right = buffer.Pointer + rows * stride };
        failing = Factor<TKernel>(A, block, lda, null);
        fixed (BlockedCholesky* job = &this)
        {
            for (column = 0; column + block < n && failing < 0; column += block)
            {
                width = block;
                var corner = column + block;
                var below = n - corner;
                nextWidth = Math.Min(block, below);
                triangle = PackedTriangle.Forward<TKernel>(A + column * (lda + 1L), width, lda, update.Right + rows * stride);
                update.Depth = width;
                update.Stride = triangle.Stride;
                update.C = A + corner * (lda + 1L);
                ThreadTeam.Run(team, TileGrid.Slices(below), &SolvePanel<TKernel>, job);
                grid = new TileGrid(below - nextWidth, below, team?.Threads ?? 1);
                ThreadTeam.Run(team, 1 + grid.Parts, &UpdateRemainder<TKernel>, job);
            }
        }

        return failing;
    }

    // A21 := A21 L11⁻ᵀ, a panel of rows at a time, then packed once more as the right operand.
    private static void SolvePanel<TKernel>(void* state, int part)
        where TKernel : struct, IMicroKernel
    {
        var job = (BlockedCholesky*)state;
        var below = job->n - job->column - job->width;
        var (start, count) = TileGrid.Slice(part, below);
        var rows = new PanelSource(job->A + job->column * (job->lda + 1L) + job->width + start, 1, job->lda);
        var stride = job->triangle.Stride;
        var panels = job->update.Left + (long)start * stride;
        Panels.PackLeft<TKernel>(rows, count, job->width, stride, panels);
        job->triangle.Solve<TKernel>(panels, count);
        Panels.UnpackLeft<TKernel>(panels, stride, rows, count, job->width, 1);
        Panels.PackRight<TKernel>(rows, count, job->width, stride, job->update.Right + (long)start * stride);
    }

    // Part 0 is the next diagonal block, update and factor; the others share the rows below it.
    private static void UpdateRemainder<TKernel>(void* state, int part)
        where TKernel : struct, IMicroKernel
    {
        var job = (BlockedCholesky*)state;
        var next = job->nextWidth;
        if (part == 0)
        {
            job->update.Apply<TKernel>(0, next, 0, next);
            var within = Factor<TKernel>(job->update.C, next, job->lda, null);
            if (within >= 0)
                job->failing = job->column + job->width + within;
            return;
        }

        var (top, bottom, first, last) = job->grid.Tile(part - 1);
        job->update.Apply<TKernel>(top + next, bottom + next, first, last);
    }
}
