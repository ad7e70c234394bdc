using System.Diagnostics;
using MixedModels.Execution;

namespace MixedModels.LinearAlgebra;

/// <summary>The inverse of a lower triangle.</summary>
internal static unsafe class TriangularInverse
{
    /// <summary>Overwrites L by L⁻¹, a third of n³ operations; the strictly upper triangle is neither read nor written.</summary>
    /// <param name="L">Column-major, with a non-zero diagonal.</param>
    /// <param name="n">Order.</param>
    /// <param name="ldl">Leading dimension, at least <paramref name="n"/>.</param>
    /// <param name="team">Threads to share the work; the bits of the result do not depend on it.</param>
    /// <param name="path">Vector instructions.</param>
    public static void InPlace(Span<double> L, int n, int ldl, ThreadTeam? team = null, VectorPath path = VectorPath.Widest)
    {
        if (n == 0)
            return;
        Debug.Assert(ldl >= n, "the leading dimension is at least the order");
        Debug.Assert(L.Length >= (n - 1L) * ldl + n, "the span holds the whole matrix");
        fixed (double* l = L)
        {
            switch (path.Resolve())
            {
                case VectorPath.Vector512:
                    BlockedInverse.OfTriangle<MicroKernel512>(l, n, ldl, team);
                    break;
                case VectorPath.Vector256:
                    BlockedInverse.OfTriangle<MicroKernel256>(l, n, ldl, team);
                    break;
                default:
                    BlockedInverse.OfTriangle<MicroKernelPortable>(l, n, ldl, team);
                    break;
            }
        }
    }
}
