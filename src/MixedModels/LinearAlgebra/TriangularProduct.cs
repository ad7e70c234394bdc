using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MixedModels.Execution;

namespace MixedModels.LinearAlgebra;

/// <summary>Products of a lower triangle with a few columns, which read the triangle once: they are as fast as memory.</summary>
/// <remarks>What lies above the diagonal is not read. The bits of a result do not depend on the team.</remarks>
[StructLayout(LayoutKind.Auto)]
internal unsafe struct TriangularProduct
{
    /// <summary>Rows of a slice of L B: a column of the result stays in the nearest cache while the slice's columns of L run by.</summary>
    private const int SliceRows = 256;

    /// <summary>Columns of a slice of L'B.</summary>
    private const int SliceColumns = 32;

    private double* L;
    private int n;
    private int ldl;
    private double* B;
    private int columns;
    private double* result;

    /// <summary>result = L B, with B and the result n×<paramref name="columns"/> and apart from each other.</summary>
    public static void Lower(ReadOnlySpan<double> L, int n, int ldl, ReadOnlySpan<double> B, int columns, Span<double> result, ThreadTeam? team = null) =>
        Run(transposed: false, L, n, ldl, B, columns, result, team);

    /// <summary>result = L'B, with B and the result n×<paramref name="columns"/> and apart from each other.</summary>
    public static void LowerTransposed(
        ReadOnlySpan<double> L, int n, int ldl, ReadOnlySpan<double> B, int columns, Span<double> result, ThreadTeam? team = null) =>
        Run(transposed: true, L, n, ldl, B, columns, result, team);

    private static void Run(
        bool transposed, ReadOnlySpan<double> L, int n, int ldl, ReadOnlySpan<double> B, int columns, Span<double> result, ThreadTeam? team)
    {
        if (n == 0 || columns == 0)
            return;
        Debug.Assert(ldl >= n && L.Length >= (n - 1L) * ldl + n, "the span holds the whole triangle");
        Debug.Assert(B.Length >= (long)n * columns && result.Length >= (long)n * columns, "the spans hold the columns");
        fixed (double* l = L, b = B, r = result)
        {
            var job = new TriangularProduct { L = l, n = n, ldl = ldl, B = b, columns = columns, result = r };
            if (transposed)
                ThreadTeam.Run(team, (n + SliceColumns - 1) / SliceColumns, &DotColumns, &job);
            else
                ThreadTeam.Run(team, (n + SliceRows - 1) / SliceRows, &AddRows, &job);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows(void* state, int part)
    {
        // The last rows are the longest: they come first.
        ref readonly var job = ref *(TriangularProduct*)state;
        var top = ((job.n - 1) / SliceRows - part) * SliceRows;
        var bottom = Math.Min(top + SliceRows, job.n);
        for (var c = 0; c < job.columns; c++)
            new Span<double>(job.result + (long)c * job.n + top, bottom - top).Clear();
        for (var j = 0; j < bottom; j++)
        {
            var first = Math.Max(j, top);
            for (var c = 0; c < job.columns; c++)
            {
                var column = (long)c * job.n;
                Vectors.AddScaled(job.B[column + j], job.L + first + (long)j * job.ldl, job.result + column + first, bottom - first);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DotColumns(void* state, int part)
    {
        ref readonly var job = ref *(TriangularProduct*)state;
        var end = Math.Min((part + 1) * SliceColumns, job.n);
        for (var j = part * SliceColumns; j < end; j++)
        {
            for (var c = 0; c < job.columns; c++)
            {
                var column = (long)c * job.n;
                job.result[column + j] = Vectors.Dot(job.L + j + (long)j * job.ldl, job.B + column + j, job.n - j);
            }
        }
    }
}
