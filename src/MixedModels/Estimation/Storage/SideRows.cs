using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// What stands beside Z, an effect a row: its m numbers side by side, with zeros to the next whole vector. Products with sparse couplings then
/// take the m numbers of an effect at once, wherever it stands, where columns would gather them one by one.
/// </summary>
internal static unsafe class SideRows
{
    /// <summary>Rows summed in registers before they join the total: short chains round less.</summary>
    private const int ChunkRows = 512;

    private const int Lanes = 4;

    /// <summary>From one row of m numbers to the next.</summary>
    public static int Width(int m) => m + Lanes - 1 & ~(Lanes - 1);

    /// <summary>Writes the rows of a column-major matrix.</summary>
    /// <param name="columns">rows×m.</param>
    /// <param name="ld">From one column to the next.</param>
    /// <param name="m">Columns.</param>
    /// <param name="target">Receives as many rows as it has room for.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromColumns(ReadOnlySpan<double> columns, int ld, int m, Span<double> target)
    {
        if (m == 0) return;
        var width = Width(m);
        var rows = target.Length / width;
        for (var c = 0; c < m; c++)
        {
            var column = columns.Slice(c * ld, rows);
            for (int r = 0, to = c; r < column.Length; r++, to += width) target[to] = column[r];
        }
    }

    /// <summary>Writes rows as a column-major matrix.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="m">Columns.</param>
    /// <param name="columns">rows×m.</param>
    /// <param name="ld">From one column to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToColumns(ReadOnlySpan<double> source, int m, Span<double> columns, int ld)
    {
        if (m == 0) return;
        var width = Width(m);
        var rows = source.Length / width;
        for (var c = 0; c < m; c++)
        {
            var column = columns.Slice(c * ld, rows);
            for (int r = 0, from = c; r < column.Length; r++, from += width) column[r] = source[from];
        }
    }

    /// <summary>result = block × rows, for a p×p block and p rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(double* block, int p, double* rows, double* result, int width)
    {
        for (var v = 0; v < width; v += Lanes)
        {
            for (var i = 0; i < p; i++)
            {
                var sum = Vector256<double>.Zero;
                for (var k = 0; k < p; k++) sum = Vectors.MultiplyAdd(Vector256.Create(block[i + (k * p)]), Vector256.Load(rows + (k * width) + v), sum);
                sum.Store(result + (i * width) + v);
            }
        }
    }

    /// <summary>cross −= left'right, in the lower triangle of the m×m cross.</summary>
    /// <param name="left">Rows.</param>
    /// <param name="right">As many rows.</param>
    /// <param name="m">Columns.</param>
    /// <param name="cross">m×m.</param>
    public static void SubtractProducts(ReadOnlySpan<double> left, ReadOnlySpan<double> right, int m, Span<double> cross)
    {
        Debug.Assert(left.Length == right.Length && cross.Length >= m * m, "rows come in pairs");
        if (m == 0) return;
        var width = Width(m);
        var tile = stackalloc double[Lanes * Lanes];
        fixed (double* l = left, r = right)
        {
            for (int first = 0, rows = left.Length / width; first < rows; first += ChunkRows)
            {
                for (var c = 0; c < m; c += Lanes)
                {
                    for (var d = c; d < m; d += Lanes)
                    {
                        SumTile(l + ((long)first * width) + c, r + ((long)first * width) + d, width, Math.Min(ChunkRows, rows - first), tile);
                        for (var i = c; i < Math.Min(c + Lanes, m); i++)
                        {
                            for (var j = Math.Max(i, d); j < Math.Min(d + Lanes, m); j++) cross[j + (i * m)] -= tile[j - d + ((i - c) * Lanes)];
                        }
                    }
                }
            }
        }
    }

    /// <summary>Four columns of one matrix times four of another, two rows a turn.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumTile(double* left, double* right, int width, int rows, double* tile)
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default, t0 = default, t1 = default, t2 = default, t3 = default;
        var r = 0;
        for (; r + 2 <= rows; r += 2, left += 2 * width, right += 2 * width)
        {
            Vector256<double> even = Vector256.Load(right), odd = Vector256.Load(right + width);
            var next = left + width;
            s0 = Vectors.MultiplyAdd(Vector256.Create(left[0]), even, s0);
            s1 = Vectors.MultiplyAdd(Vector256.Create(left[1]), even, s1);
            s2 = Vectors.MultiplyAdd(Vector256.Create(left[2]), even, s2);
            s3 = Vectors.MultiplyAdd(Vector256.Create(left[3]), even, s3);
            t0 = Vectors.MultiplyAdd(Vector256.Create(next[0]), odd, t0);
            t1 = Vectors.MultiplyAdd(Vector256.Create(next[1]), odd, t1);
            t2 = Vectors.MultiplyAdd(Vector256.Create(next[2]), odd, t2);
            t3 = Vectors.MultiplyAdd(Vector256.Create(next[3]), odd, t3);
        }

        if (r < rows)
        {
            var last = Vector256.Load(right);
            s0 = Vectors.MultiplyAdd(Vector256.Create(left[0]), last, s0);
            s1 = Vectors.MultiplyAdd(Vector256.Create(left[1]), last, s1);
            s2 = Vectors.MultiplyAdd(Vector256.Create(left[2]), last, s2);
            s3 = Vectors.MultiplyAdd(Vector256.Create(left[3]), last, s3);
        }

        (s0 + t0).Store(tile);
        (s1 + t1).Store(tile + Lanes);
        (s2 + t2).Store(tile + (2 * Lanes));
        (s3 + t3).Store(tile + (3 * Lanes));
    }
}
