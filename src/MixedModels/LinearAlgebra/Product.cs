using System.Diagnostics;
using MixedModels.Execution;

namespace MixedModels.LinearAlgebra;

/// <summary>Products of column-major matrices, added to what is there.</summary>
/// <remarks>The bits of a result do not depend on the team. Operands must not overlap the result.</remarks>
internal static unsafe class Product
{
    /// <summary>Up to so many multiplications, packing costs more than it saves (crossing at order 14 to 18 on AVX-512).</summary>
    private const long DirectWork = 4096;

    /// <summary>Up to so many columns a product is bound by reading its left operand, which packing would do twice.</summary>
    private const int DirectColumns = 3;

    /// <summary>C += alpha op(A) op(B), with op(A) m×k, op(B) k×n and C m×n.</summary>
    public static void Add(
        double alpha, ReadOnlySpan<double> A, int lda, bool transposeA, ReadOnlySpan<double> B, int ldb, bool transposeB,
        Span<double> C, int ldc, int m, int n, int k, ThreadTeam? team = null, VectorPath path = VectorPath.Widest)
    {
        if (m == 0 || n == 0 || k == 0)
            return;
        AssertShape(A, lda, transposeA ? k : m, transposeA ? m : k);
        AssertShape(B, ldb, transposeB ? n : k, transposeB ? k : n);
        AssertShape(C, ldc, m, n);
        fixed (double* a = A, b = B, c = C)
        {
            if (n <= DirectColumns || (long)m * n * k <= DirectWork)
                DirectProduct.Add(alpha, a, lda, transposeA, b, ldb, transposeB, c, ldc, m, n, k);
            else
                AddPacked(alpha, PanelSource.Left(a, lda, transposeA), PanelSource.Right(b, ldb, transposeB), c, ldc, m, n, k, team, path);
        }
    }

    /// <summary>The lower triangle of C += alpha op(A) op(A)', with op(A) n×k.</summary>
    public static void AddSymmetricRankUpdate(
        double alpha, ReadOnlySpan<double> A, int lda, bool transposeA,
        Span<double> C, int ldc, int n, int k, ThreadTeam? team = null, VectorPath path = VectorPath.Widest)
    {
        if (n == 0 || k == 0)
            return;
        AssertShape(A, lda, transposeA ? k : n, transposeA ? n : k);
        AssertShape(C, ldc, n, n);
        fixed (double* a = A, c = C)
        {
            if (n <= DirectColumns || (long)n * n * k <= DirectWork)
            {
                DirectProduct.AddLower(alpha, a, lda, transposeA, c, ldc, n, k);
                return;
            }

            var source = PanelSource.Left(a, lda, transposeA);
            var job = new PackedProduct(alpha, source, source, c, ldc, n, n, k) { Shift = 0 };
            Run(job, team, path);
        }
    }

    /// <summary>C += alpha S B, with S n×n symmetric and stored in its lower triangle, B and C n×<paramref name="columns"/>.</summary>
    public static void SymmetricTimes(
        double alpha, ReadOnlySpan<double> S, int lds, ReadOnlySpan<double> B, int ldb,
        Span<double> C, int ldc, int n, int columns, ThreadTeam? team = null, VectorPath path = VectorPath.Widest)
    {
        if (n == 0 || columns == 0)
            return;
        AssertShape(S, lds, n, n);
        AssertShape(B, ldb, n, columns);
        AssertShape(C, ldc, n, columns);
        fixed (double* s = S, b = B, c = C)
        {
            if (columns <= DirectColumns || (long)n * n * columns <= DirectWork)
            {
                DirectProduct.AddSymmetric(alpha, s, lds, b, ldb, c, ldc, n, columns);
                return;
            }

            var job = new PackedProduct(alpha, PanelSource.Left(s, lds, false), PanelSource.Right(b, ldb, false), c, ldc, n, columns, n)
            {
                LeftIsLowerOfSymmetric = true,
            };
            Run(job, team, path);
        }
    }

    private static void AddPacked(
        double alpha, PanelSource left, PanelSource right, double* c, int ldc, int m, int n, int k, ThreadTeam? team, VectorPath path) =>
        Run(new PackedProduct(alpha, left, right, c, ldc, m, n, k), team, path);

    private static void Run(PackedProduct job, ThreadTeam? team, VectorPath path)
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

    [Conditional("DEBUG")]
    private static void AssertShape(ReadOnlySpan<double> matrix, int leading, int rows, int columns)
    {
        Debug.Assert(leading >= rows, "the leading dimension is at least the number of rows");
        Debug.Assert(matrix.Length >= (columns - 1L) * leading + rows, "the span holds the whole matrix");
    }
}
