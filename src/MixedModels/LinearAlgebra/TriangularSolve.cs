using System.Diagnostics;
using MixedModels.Execution;

namespace MixedModels.LinearAlgebra;

/// <summary>Solves with a lower triangle L, column-major with a non-zero diagonal; what lies above the diagonal is not read.</summary>
/// <remarks>The bits of a result do not depend on the team. A zero or non-finite diagonal gives non-finite results.</remarks>
internal static unsafe class TriangularSolve
{
    /// <summary>Up to so many columns, reading L once without packing is faster.</summary>
    private const int DirectColumns = 3;

    /// <summary>Up to so many multiplications, packing costs more than it saves (square right sides cross at order 9 on AVX-512).</summary>
    private const long DirectWork = 800;

    /// <summary>B := L⁻¹B, with B n×<paramref name="columns"/>.</summary>
    public static void Lower(
        ReadOnlySpan<double> L, int n, int ldl, Span<double> B, int columns, int ldb, ThreadTeam? team = null, VectorPath path = VectorPath.Widest) =>
        Solve(transposed: false, L, n, ldl, B, columns, ldb, team, path);

    /// <summary>B := L⁻ᵀB, with B n×<paramref name="columns"/>.</summary>
    public static void LowerTransposed(
        ReadOnlySpan<double> L, int n, int ldl, Span<double> B, int columns, int ldb, ThreadTeam? team = null, VectorPath path = VectorPath.Widest) =>
        Solve(transposed: true, L, n, ldl, B, columns, ldb, team, path);

    private static void Solve(
        bool transposed, ReadOnlySpan<double> L, int n, int ldl, Span<double> B, int columns, int ldb, ThreadTeam? team, VectorPath path)
    {
        if (n == 0 || columns == 0)
            return;
        Debug.Assert(ldl >= n && ldb >= n, "the leading dimensions are at least the order");
        Debug.Assert(L.Length >= (n - 1L) * ldl + n && B.Length >= (columns - 1L) * ldb + n, "the spans hold the whole matrices");
        fixed (double* l = L, b = B)
        {
            if (columns <= DirectColumns || (long)n * n * columns <= DirectWork)
                DirectSolve.Solve(transposed, l, n, ldl, b, columns, ldb);
            else
                SolvePacked(new BlockedSolve(transposed, l, n, ldl, b, columns, ldb), team, path);
        }
    }

    private static void SolvePacked(BlockedSolve job, ThreadTeam? team, VectorPath path)
    {
        switch (path.Resolve())
        {
            case VectorPath.Vector512:
                job.Run<MicroKernel512>(team);
                break;
            case VectorPath.Vector256:
                job.Run<MicroKernel256>(team);
                break;
            default:
                job.Run<MicroKernelPortable>(team);
                break;
        }
    }
}
