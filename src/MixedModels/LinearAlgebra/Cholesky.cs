using System.Diagnostics;
using MixedModels.Execution;

namespace MixedModels.LinearAlgebra;

/// <summary>A = LL' for a symmetric positive definite matrix.</summary>
internal static unsafe class Cholesky
{
    /// <summary>Factorises in place the lower triangle of column-major A; the strictly upper triangle is neither read nor written.</summary>
    /// <param name="A">The matrix, then L.</param>
    /// <param name="n">Order.</param>
    /// <param name="lda">Leading dimension, at least <paramref name="n"/>.</param>
    /// <param name="team">Threads to share the work; the bits of L do not depend on it.</param>
    /// <param name="path">Vector instructions.</param>
    /// <returns>
    /// −1, or the first column (from 0) whose pivot is not a positive finite number; the columns before it then hold L and
    /// the others are undefined.
    /// </returns>
    public static int Factor(Span<double> A, int n, int lda, ThreadTeam? team = null, VectorPath path = VectorPath.Widest)
    {
        Debug.Assert(n >= 0 && lda >= n, "the leading dimension is at least the order");
        Debug.Assert(n == 0 || A.Length >= (n - 1L) * lda + n, "the span holds the whole matrix");
        if (n == 0)
            return -1;
        fixed (double* a = A)
        {
            if (n <= SmallCholesky.OrderLimit)
                return SmallCholesky.Factor(a, n, lda);
            return path.Resolve() switch
            {
                VectorPath.Vector512 => BlockedCholesky.Factor<MicroKernel512>(a, n, lda, team),
                VectorPath.Vector256 => BlockedCholesky.Factor<MicroKernel256>(a, n, lda, team),
                _ => BlockedCholesky.Factor<MicroKernelPortable>(a, n, lda, team),
            };
        }
    }
}
