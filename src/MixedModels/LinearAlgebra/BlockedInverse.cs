using System.Runtime.InteropServices;
using MixedModels.Execution;

namespace MixedModels.LinearAlgebra;

/// <summary>
/// (LL')⁻¹, or L⁻¹ alone, in place in one sweep over block rows. With W = L⁻¹, the sweep completes one block row of W, and at once adds its
/// share to W'W above and to the unfinished rows of W below: both are one rank update of the columns before the block.
/// </summary>
/// <remarks>
/// Before the step of block k the rows above it hold the sum of W'W over the rows of W finished so far, and the rows from k
/// on hold L in the columns from k on and, before them, −L times the finished part of W. The two classical steps (inverse
/// of the triangle, then W'W) never need each other's rows, which is why they can share a sweep; without the second, W stays
/// in the rows above.
/// Source: Bientinesi, Gunter and van de Geijn 2008, Families of algorithms related to the inversion of a symmetric positive
/// definite matrix, ACM TOMS 35(1), section 3.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct BlockedInverse
{
    private double* L;
    private int n;
    private int ldl;

    /// <summary>Whether the sweep ends with W rather than with W'W.</summary>
    private bool isTriangular;

    /// <summary>First row of the block at hand, and its height.</summary>
    private int row;
    private int height;

    private PackedTriangle forward;
    private PackedTriangle backward;

    /// <summary>Adds W'W to the rows above.</summary>
    private RankUpdate above;

    /// <summary>Subtracts L·W from the rows below.</summary>
    private RankUpdate below;

    private TileGrid gridAbove;
    private TileGrid gridBelow;

    /// <summary>Overwrites L by the lower triangle of (LL')⁻¹.</summary>
    public static void FromCholesky<TKernel>(double* L, int n, int ldl, ThreadTeam? team)
        where TKernel : struct, IMicroKernel
    {
        if (n <= SmallInverse.OrderLimit)
            SmallInverse.FromCholesky(L, n, ldl);
        else
            new BlockedInverse { L = L, n = n, ldl = ldl }.Run<TKernel>(BlockHeight(n), team);
    }

    /// <summary>Overwrites L by L⁻¹.</summary>
    public static void OfTriangle<TKernel>(double* L, int n, int ldl, ThreadTeam? team)
        where TKernel : struct, IMicroKernel
    {
        if (n <= SmallInverse.OrderLimit)
            SmallInverse.OfTriangle(L, n, ldl);
        else
            new BlockedInverse { L = L, n = n, ldl = ldl, isTriangular = true }.Run<TKernel>(BlockHeight(n), team);
    }

    // Found by trial on AVX-512; from half to twice of these the time changes by a tenth at most.
    private static int BlockHeight(int n) => n switch
    {
        <= 128 => 24,
        <= 512 => 48,
        <= 1536 => 96,
        _ => 144,
    };

    private readonly int RowsBelow => n - row - height;

    private void Run<TKernel>(int block, ThreadTeam? team)
        where TKernel : struct, IMicroKernel
    {
        var stride = PackedTriangle.StrideFor<TKernel>(block);
        long rows = TileGrid.RoundUp(n);
        var triangleLength = PackedTriangle.LengthFor<TKernel>(block);
        using var buffer = new PackBuffer(3 * rows * stride + 2 * triangleLength);
        var right = buffer.Pointer;
        above = new RankUpdate { Alpha = 1, Ldc = ldl, C = L, Left = right + rows * stride, Right = right };
        below = new RankUpdate { Alpha = -1, Ldc = ldl, Shift = RankUpdate.Everywhere, Left = right + 2 * rows * stride, Right = right };
        var packed = right + 3 * rows * stride;
        fixed (BlockedInverse* job = &this)
        {
            for (row = 0; row < n; row += block)
            {
                height = Math.Min(block, n - row);
                forward = PackedTriangle.Forward<TKernel>(L + row * (ldl + 1L), height, ldl, packed);
                backward = PackedTriangle.Backward<TKernel>(L + row * (ldl + 1L), height, ldl, packed + triangleLength);
                below.C = L + row + height;
                above.Depth = below.Depth = height;
                above.Stride = below.Stride = forward.Stride;
                ThreadTeam.Run(team, TileGrid.Slices(row) + TileGrid.Slices(RowsBelow), &SolvePanel<TKernel>, job);
                gridAbove = new TileGrid(isTriangular ? 0 : row, row, team?.Threads ?? 1);
                gridBelow = new TileGrid(RowsBelow, row, team?.Threads ?? 1);
                ThreadTeam.Run(team, 1 + gridBelow.Parts + gridAbove.Parts, &UpdateRemainder<TKernel>, job);
            }
        }
    }

    private static void SolvePanel<TKernel>(void* state, int part)
        where TKernel : struct, IMicroKernel
    {
        var job = (BlockedInverse*)state;
        var slices = TileGrid.Slices(job->row);
        if (part < slices)
            job->SolveBlockRow<TKernel>(part);
        else
            job->SolveBlockColumn<TKernel>(part - slices);
    }

    // The columns before the block: W_k := L_kk⁻¹ (what is there), kept packed for the updates; for W'W then W_kk' W_k in its place.
    private readonly void SolveBlockRow<TKernel>(int slice)
        where TKernel : struct, IMicroKernel
    {
        var (start, count) = TileGrid.Slice(slice, row);
        var columns = new PanelSource(L + row, ldl, 1).From(start, 0);
        var reversed = columns.Backwards(height);
        var panels = above.Left + (long)start * forward.Stride;
        Panels.PackLeft<TKernel>(columns, count, height, forward.Stride, panels);
        forward.Solve<TKernel>(panels, count);
        Panels.UnpackLeft<TKernel>(panels, forward.Stride, columns, count, height, 1);
        Panels.PackRight<TKernel>(columns, count, height, forward.Stride, above.Right + (long)start * forward.Stride);
        if (isTriangular)
            return;
        var scratch = stackalloc double[TKernel.Rows * forward.Stride];
        for (var i = 0; i < count; i += TKernel.Rows)
            SolveBackwards<TKernel>(reversed.From(i, 0), Math.Min(TKernel.Rows, count - i), 1, scratch);
    }

    // The rows below the block: kept packed for the update, then −L_ik L_kk⁻¹ in their place.
    private readonly void SolveBlockColumn<TKernel>(int slice)
        where TKernel : struct, IMicroKernel
    {
        var (start, count) = TileGrid.Slice(slice, RowsBelow);
        var rows = new PanelSource(L + row + height + (long)row * ldl, 1, ldl).From(start, 0);
        Panels.PackLeft<TKernel>(rows, count, height, forward.Stride, below.Left + (long)start * forward.Stride);
        var scratch = stackalloc double[TKernel.Rows * forward.Stride];
        for (var i = 0; i < count; i += TKernel.Rows)
            SolveBackwards<TKernel>(rows.Backwards(height).From(i, 0), Math.Min(TKernel.Rows, count - i), -1, scratch);
    }

    private readonly void SolveBackwards<TKernel>(PanelSource view, int count, double sign, double* scratch)
        where TKernel : struct, IMicroKernel
    {
        Panels.PackLeft<TKernel>(view, count, height, backward.Stride, scratch);
        backward.Solve<TKernel>(scratch, count);
        Panels.UnpackLeft<TKernel>(scratch, backward.Stride, view, count, height, sign);
    }

    // Part 0 is the diagonal block's own inverse; the others are the two updates.
    private static void UpdateRemainder<TKernel>(void* state, int part)
        where TKernel : struct, IMicroKernel
    {
        var job = (BlockedInverse*)state;
        if (part == 0)
        {
            var diagonal = job->L + job->row * (job->ldl + 1L);
            if (job->isTriangular)
                OfTriangle<TKernel>(diagonal, job->height, job->ldl, null);
            else
                FromCholesky<TKernel>(diagonal, job->height, job->ldl, null);
            return;
        }

        var isBelow = part <= job->gridBelow.Parts;
        var (top, bottom, first, last) = isBelow ? job->gridBelow.Tile(part - 1) : job->gridAbove.Tile(part - 1 - job->gridBelow.Parts);
        if (isBelow)
            job->below.Apply<TKernel>(top, bottom, first, last);
        else
            job->above.Apply<TKernel>(top, bottom, first, last);
    }
}
