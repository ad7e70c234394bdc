using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>
/// The dense operations of the sparse factorisation, on column-major panels with a leading dimension. Every sum has one fixed order, so equal
/// input gives equal bits.
/// </summary>
internal static class PanelKernels
{
    /// <summary>The columns that a blocked operation takes at a time: a strip of a few hundred rows stays in the second-level cache.</summary>
    public const int Strip = 64;

    // Columns factored by rank-one updates before the products take over.
    private const int FactorBlock = 16;

    /// <summary>
    /// Replaces a panel by its part of the Cholesky factor: the leading square by its factor, the rows below by their multiple of its inverse
    /// transpose. The strict upper triangle of the square is not read and becomes meaningless.
    /// </summary>
    /// <returns>The column whose pivot is not a positive finite number, −1 where there is none.</returns>
    public static int Factor(Span<double> panel, int rows, int columns)
    {
        for (var first = 0; first < columns; first += FactorBlock)
        {
            var end = Math.Min(columns, first + FactorBlock);
            AddProduct(-1, panel[first..], rows, panel[first..], rows, 1, panel[(first * rows + first)..], rows, rows - first, end - first, first);
            for (var j = first; j < end; j++)
            {
                var column = panel.Slice(j * rows + j, rows - j);
                if (FactorColumn(column) >= 0)
                    return j;
                for (var k = j + 1; k < end; k++)
                    AddMultiple(-column[k - j], column[(k - j)..], panel.Slice(k * rows + k, rows - k));
            }
        }

        return -1;
    }

    /// <summary>Replaces one column, from its diagonal down, by its part of the Cholesky factor.</summary>
    /// <returns>0 where the pivot is not a positive finite number, else −1.</returns>
    public static int FactorColumn(Span<double> column)
    {
        if (!(column[0] > 0 && double.IsFinite(column[0])))
            return 0;
        column[0] = Math.Sqrt(column[0]);
        Scale(1 / column[0], column[1..]);
        return -1;
    }

    /// <summary>B := B D⁻¹ for the lower triangular D of a panel; B is m×n, as wide as D.</summary>
    public static void SolveRight(ReadOnlySpan<double> D, int ldd, Span<double> B, int m, int n)
    {
        for (var j = n - 1; j >= 0; j--)
        {
            var column = B.Slice(j * m, m);
            for (var k = j + 1; k < n; k++)
                AddMultiple(-D[j * ldd + k], B.Slice(k * m, m), column);
            Scale(1 / D[j * ldd + j], column);
        }
    }

    /// <summary>Solves D x = b in place for the lower triangular D of a panel, as wide as x is long.</summary>
    public static void SolveLower(ReadOnlySpan<double> D, int ldd, Span<double> x)
    {
        for (var j = 0; j < x.Length; j++)
        {
            x[j] /= D[j * ldd + j];
            AddMultiple(-x[j], D.Slice(j * ldd + j + 1, x.Length - j - 1), x[(j + 1)..]);
        }
    }

    /// <summary>Solves D'x = b in place for the lower triangular D of a panel, as wide as x is long.</summary>
    public static void SolveLowerTransposed(ReadOnlySpan<double> D, int ldd, Span<double> x)
    {
        for (var j = x.Length - 1; j >= 0; j--)
            x[j] = (x[j] - Dot(D.Slice(j * ldd + j + 1, x.Length - j - 1), x[(j + 1)..])) / D[j * ldd + j];
    }

    /// <summary>The inverse of the n×n lower triangular D of a panel, zeros above the diagonal.</summary>
    public static void InvertLower(ReadOnlySpan<double> D, int ldd, Span<double> inverse, int n)
    {
        inverse[..(n * n)].Clear();
        for (var j = 0; j < n; j++)
        {
            inverse[j * n + j] = 1;
            for (var k = j; k < n; k++)
            {
                inverse[j * n + k] /= D[k * ldd + k];
                AddMultiple(-inverse[j * n + k], D.Slice(k * ldd + k + 1, n - k - 1), inverse.Slice(j * n + k + 1, n - k - 1));
            }
        }
    }

    /// <summary>Copies the strict lower triangle of an n×n matrix to its upper one.</summary>
    public static void MirrorLower(Span<double> A, int lda, int n)
    {
        for (var j = 0; j < n; j++)
        {
            for (var i = j + 1; i < n; i++)
                A[i * lda + j] = A[j * lda + i];
        }
    }

    /// <summary>C += sign·A B for A m×k, B k×n, C m×n. Entry (p, j) of B lies at p·bRow + j·bColumn, so B may be read as a transpose.</summary>
    public static void AddProduct(
        double sign, ReadOnlySpan<double> A, int lda, ReadOnlySpan<double> B, int bRow, int bColumn, Span<double> C, int ldc, int m, int n, int k)
    {
        if (m == 0 || n == 0 || k == 0)
            return;
        Debug.Assert(A.Length >= (k - 1) * lda + m && B.Length > (k - 1) * bRow + (n - 1) * bColumn && C.Length >= (n - 1) * ldc + m);
        ref var a = ref MemoryMarshal.GetReference(A);
        ref var b = ref MemoryMarshal.GetReference(B);
        ref var c = ref MemoryMarshal.GetReference(C);
        for (var j = 0; j < n;)
        {
            var i = 0;
            ref var bj = ref Unsafe.Add(ref b, j * bColumn);
            ref var cj = ref Unsafe.Add(ref c, j * ldc);
            if (n - j >= 4)
            {
                for (; i + 2 * Vector<double>.Count <= m; i += 2 * Vector<double>.Count)
                    AddTile(sign, ref Unsafe.Add(ref a, i), lda, ref bj, bRow, bColumn, ref Unsafe.Add(ref cj, i), ldc, k);
                AddRest(sign, ref a, lda, ref bj, bRow, bColumn, ref cj, ldc, i, m, 4, k);
                j += 4;
            }
            else
            {
                AddRest(sign, ref a, lda, ref bj, bRow, bColumn, ref cj, ldc, 0, m, 1, k);
                j++;
            }
        }
    }

    /// <summary>C += sign·A'B for A k×m, B k×n, C m×n.</summary>
    public static void AddTransposedProduct(
        double sign, ReadOnlySpan<double> A, int lda, ReadOnlySpan<double> B, int ldb, Span<double> C, int ldc, int m, int n, int k)
    {
        if (m == 0 || n == 0 || k == 0)
            return;
        for (var j = 0; j < n; j++)
        {
            var b = B.Slice(j * ldb, k);
            var i = 0;
            for (; i + 4 <= m; i += 4)
                AddFourDots(sign, A[(i * lda)..], lda, b, C.Slice(j * ldc + i, 4));
            for (; i < m; i++)
                C[j * ldc + i] += sign * Dot(A.Slice(i * lda, k), b);
        }
    }

    /// <summary>y += s x.</summary>
    public static void AddMultiple(double s, ReadOnlySpan<double> x, Span<double> y)
    {
        Debug.Assert(x.Length == y.Length);
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(y);
        var i = 0;
        var factor = new Vector<double>(s);
        for (; i + Vector<double>.Count <= y.Length; i += Vector<double>.Count)
        {
            var sum = Vector.MultiplyAddEstimate(factor, Vector.LoadUnsafe(ref from, (nuint)i), Vector.LoadUnsafe(ref to, (nuint)i));
            sum.StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < y.Length; i++)
            y[i] += s * x[i];
    }

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        Debug.Assert(x.Length == y.Length);
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y);
        var i = 0;
        var sums = Vector<double>.Zero;
        for (; i + Vector<double>.Count <= x.Length; i += Vector<double>.Count)
            sums = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref a, (nuint)i), Vector.LoadUnsafe(ref b, (nuint)i), sums);
        var sum = Vector.Sum(sums);
        for (; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    private static void Scale(double s, Span<double> x)
    {
        for (var i = 0; i < x.Length; i++)
            x[i] *= s;
    }

    /// <summary>Two vectors of rows by four columns of C, held in registers over all k.</summary>
    private static void AddTile(
        double sign, ref double a, nint lda, ref double b, nint bRow, nint bColumn, ref double c, nint ldc, int k)
    {
        Vector<double> c00 = default, c01 = default, c02 = default, c03 = default;
        Vector<double> c10 = default, c11 = default, c12 = default, c13 = default;
        for (var p = 0; p < k; p++)
        {
            var a0 = Vector.LoadUnsafe(ref a);
            var a1 = Vector.LoadUnsafe(ref a, (nuint)Vector<double>.Count);
            var b0 = new Vector<double>(b);
            var b1 = new Vector<double>(Unsafe.Add(ref b, bColumn));
            var b2 = new Vector<double>(Unsafe.Add(ref b, 2 * bColumn));
            var b3 = new Vector<double>(Unsafe.Add(ref b, 3 * bColumn));
            (c00, c10) = (Vector.MultiplyAddEstimate(a0, b0, c00), Vector.MultiplyAddEstimate(a1, b0, c10));
            (c01, c11) = (Vector.MultiplyAddEstimate(a0, b1, c01), Vector.MultiplyAddEstimate(a1, b1, c11));
            (c02, c12) = (Vector.MultiplyAddEstimate(a0, b2, c02), Vector.MultiplyAddEstimate(a1, b2, c12));
            (c03, c13) = (Vector.MultiplyAddEstimate(a0, b3, c03), Vector.MultiplyAddEstimate(a1, b3, c13));
            a = ref Unsafe.Add(ref a, lda);
            b = ref Unsafe.Add(ref b, bRow);
        }

        AddPair(sign, c00, c10, ref c);
        AddPair(sign, c01, c11, ref Unsafe.Add(ref c, ldc));
        AddPair(sign, c02, c12, ref Unsafe.Add(ref c, 2 * ldc));
        AddPair(sign, c03, c13, ref Unsafe.Add(ref c, 3 * ldc));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPair(double sign, Vector<double> sum0, Vector<double> sum1, ref double c)
    {
        var signs = new Vector<double>(sign);
        Vector.MultiplyAddEstimate(signs, sum0, Vector.LoadUnsafe(ref c)).StoreUnsafe(ref c);
        ref var next = ref Unsafe.Add(ref c, Vector<double>.Count);
        Vector.MultiplyAddEstimate(signs, sum1, Vector.LoadUnsafe(ref next)).StoreUnsafe(ref next);
    }

    /// <summary>The rows from first to end, by single vectors and then one at a time.</summary>
    private static void AddRest(
        double sign, ref double a, nint lda, ref double b, nint bRow, nint bColumn, ref double c, nint ldc, int first, int end, int columns, int k)
    {
        for (var j = 0; j < columns; j++)
        {
            ref var bj = ref Unsafe.Add(ref b, j * bColumn);
            ref var cj = ref Unsafe.Add(ref c, j * ldc);
            var i = first;
            for (; i + Vector<double>.Count <= end; i += Vector<double>.Count)
            {
                var sums = Vector<double>.Zero;
                for (var p = 0; p < k; p++)
                {
                    var rows = Vector.LoadUnsafe(ref Unsafe.Add(ref a, i + p * lda));
                    sums = Vector.MultiplyAddEstimate(rows, new Vector<double>(Unsafe.Add(ref bj, p * bRow)), sums);
                }

                ref var place = ref Unsafe.Add(ref cj, i);
                Vector.MultiplyAddEstimate(new Vector<double>(sign), sums, Vector.LoadUnsafe(ref place)).StoreUnsafe(ref place);
            }

            for (; i < end; i++)
            {
                var sum = 0.0;
                for (var p = 0; p < k; p++)
                    sum += Unsafe.Add(ref a, i + p * lda) * Unsafe.Add(ref bj, p * bRow);
                Unsafe.Add(ref cj, i) += sign * sum;
            }
        }
    }

    private static void AddFourDots(double sign, ReadOnlySpan<double> A, int lda, ReadOnlySpan<double> b, Span<double> c)
    {
        Debug.Assert(A.Length >= 3 * lda + b.Length && c.Length == 4);
        ref var a = ref MemoryMarshal.GetReference(A);
        ref var right = ref MemoryMarshal.GetReference(b);
        Vector<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var p = 0;
        for (; p + Vector<double>.Count <= b.Length; p += Vector<double>.Count)
        {
            var v = Vector.LoadUnsafe(ref right, (nuint)p);
            s0 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref a, (nuint)p), v, s0);
            s1 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref a, (nuint)(lda + p)), v, s1);
            s2 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref a, (nuint)(2 * lda + p)), v, s2);
            s3 = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref a, (nuint)(3 * lda + p)), v, s3);
        }

        var (d0, d1, d2, d3) = (Vector.Sum(s0), Vector.Sum(s1), Vector.Sum(s2), Vector.Sum(s3));
        for (; p < b.Length; p++)
        {
            d0 += A[p] * b[p];
            d1 += A[lda + p] * b[p];
            d2 += A[2 * lda + p] * b[p];
            d3 += A[3 * lda + p] * b[p];
        }

        c[0] += sign * d0;
        c[1] += sign * d1;
        c[2] += sign * d2;
        c[3] += sign * d3;
    }
}
