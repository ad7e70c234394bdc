using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MixedModels.LinearAlgebra;

/// <summary>Eigenvalues and eigenvectors of a small symmetric matrix: reduction to tridiagonal form, then implicit QL steps.</summary>
/// <remarks>
/// Meant for orders up to some hundreds; O(n³). Errors are a few units in the last place of the largest eigenvalue.
/// Source: Golub and Van Loan 2013, Matrix Computations, 4th ed., algorithms 8.3.1 (Householder tridiagonalisation) and
/// 8.3.2 (implicit step with the Wilkinson shift).
/// </remarks>
internal static class SymmetricEigen
{
    /// <summary>Steps allowed for one eigenvalue; three are usual, and only a matrix that is not finite needs more than thirty.</summary>
    private const int StepLimit = 60;

    /// <summary>Below this a square or a coupling is taken as zero; entries are scaled to about 1, so no eigenvalue could feel it.</summary>
    private const double Negligible = 1e-290;

    /// <summary>Orders up to which the scratch vector lives on the stack.</summary>
    private const int StackOrder = 256;

    /// <summary>Decomposes A = V diag(values) V'.</summary>
    /// <param name="A">Column-major n×n, of which the lower triangle is read; then the orthonormal eigenvectors, one a column.</param>
    /// <param name="n">Order.</param>
    /// <param name="lda">Leading dimension, at least <paramref name="n"/>.</param>
    /// <param name="values">Receives the n eigenvalues, ascending.</param>
    /// <returns><see langword="false"/> when A holds a NaN or an infinity; A and the values are then undefined.</returns>
    public static bool Decompose(Span<double> A, int n, int lda, Span<double> values)
    {
        Debug.Assert(lda >= n && values.Length >= n, "the spans hold what they are to receive");
        Debug.Assert(n == 0 || A.Length >= (n - 1L) * lda + n, "the span holds the whole matrix");
        var scale = LargestMagnitude(A, n, lda);
        if (!double.IsFinite(scale))
            return false;
        if (n == 0)
            return true;
        Span<double> off = n <= StackOrder ? stackalloc double[StackOrder] : new double[n];
        // A power of two brings the largest entry near 1, so that no square over- or underflows and no digit is lost.
        var unit = scale > 0 ? Math.ScaleB(1, Math.Clamp(-Math.ILogB(scale), -1000, 1000)) : 1;
        ScaleLower(A, n, lda, unit);
        Tridiagonalise(A, n, lda, values, off);
        AccumulateReflections(A, n, lda, values);
        if (!Diagonalise(A, n, lda, values, off))
            return false;
        SortAscending(A, n, lda, values);
        for (var i = 0; i < n; i++)
            values[i] /= unit;
        return true;
    }

    private static double LargestMagnitude(ReadOnlySpan<double> A, int n, int lda)
    {
        double largest = 0;
        for (var j = 0; j < n; j++)
        {
            foreach (var value in A.Slice(j * lda + j, n - j))
                largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    private static void ScaleLower(Span<double> A, int n, int lda, double factor)
    {
        for (var j = 0; j < n; j++)
            Vectors.Scale(factor, A.Slice(j * lda + j, n - j));
    }

    // T = H' A H with H = H_0 H_1 …; column j keeps the vector of H_j below its diagonal, scaled so that H_j = I − v v'.
    // The diagonal of T stays on the diagonal of A, the part below it goes to `off`.
    private static void Tridiagonalise(Span<double> A, int n, int lda, Span<double> product, Span<double> off)
    {
        for (var j = 0; j < n - 1; j++)
        {
            var v = A.Slice(j * lda + j + 1, n - j - 1);
            off[j] = MakeReflection(v);
            ReflectBothSides(A[((j + 1) * lda + j + 1)..], n - j - 1, lda, v, product[..(n - j - 1)]);
        }

        off[n - 1] = 0;
    }

    /// <summary>Replaces x by v with (I − v v') x = (r, 0, …, 0)', and returns r.</summary>
    private static double MakeReflection(Span<double> x)
    {
        var squares = Vectors.SumOfSquares(x);
        if (squares < Negligible)
        {
            x.Clear();
            return 0;
        }

        var length = Math.Sqrt(squares);
        var result = x[0] > 0 ? -length : length;
        x[0] -= result;
        // v'v must be 2, and x'x is now −2 · result · x[0] (its first element included).
        Vectors.Scale(1 / Math.Sqrt(Math.Abs(result * x[0])), x);
        return result;
    }

    // A := (I − vv') A (I − vv') = A − v w' − w v' with p = A v, w = p − (v'p / 2) v.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReflectBothSides(Span<double> A, int n, int lda, ReadOnlySpan<double> v, Span<double> w)
    {
        w.Clear();
        Product.SymmetricTimes(1, A, lda, v, n, w, n, n, 1);
        Vectors.AddScaled(-0.5 * Vectors.Dot(v, w), v, w);
        for (var j = 0; j < n; j++)
        {
            var column = A.Slice(j * lda + j, n - j);
            Vectors.AddScaled(-w[j], v[j..], column);
            Vectors.AddScaled(-v[j], w[j..], column);
        }
    }

    // Overwrites A by H from the last reflection to the first, each widening the part that differs from the unit matrix; the
    // diagonal of T moves to `values`.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AccumulateReflections(Span<double> A, int n, int lda, Span<double> values)
    {
        for (var j = 0; j < n; j++)
            values[j] = A[j * lda + j];
        for (var j = n - 1; j >= 0; j--)
        {
            var v = A.Slice(j * lda + j + 1, n - j - 1);
            for (var c = j + 1; c < n; c++)
            {
                var column = A.Slice(c * lda + j + 1, n - j - 1);
                Vectors.AddScaled(-Vectors.Dot(v, column), v, column);
            }

            v.Clear();
            A[j * lda + j] = 1;
            for (var c = j + 1; c < n; c++)
                A[c * lda + j] = 0;
        }
    }

    private static bool Diagonalise(Span<double> V, int n, int ldv, Span<double> diagonal, Span<double> off)
    {
        for (var first = 0; first < n; first++)
        {
            for (var step = 0; ; step++)
            {
                var last = EndOfBlock(diagonal, off, first, n);
                if (last == first)
                    break;
                if (step == StepLimit)
                    return false;
                StepImplicitly(V, n, ldv, diagonal, off, first, last);
            }
        }

        return true;
    }

    /// <summary>The last row of the block that begins at <paramref name="first"/>: behind it the coupling is below rounding.</summary>
    private static int EndOfBlock(ReadOnlySpan<double> diagonal, ReadOnlySpan<double> off, int first, int n)
    {
        var last = first;
        while (last < n - 1)
        {
            var size = Math.Abs(diagonal[last]) + Math.Abs(diagonal[last + 1]);
            var coupling = Math.Abs(off[last]);
            if (coupling < Negligible || size + coupling == size)
                break;
            last++;
        }

        return last;
    }

    // One QL step on rows first … last: a rotation in the plane (last − 1, last) chosen by the shift, then rotations upwards
    // that chase the bulge out at the top.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StepImplicitly(Span<double> V, int n, int ldv, Span<double> diagonal, Span<double> off, int first, int last)
    {
        var half = (diagonal[first + 1] - diagonal[first]) / (2 * off[first]);
        var root = double.Hypot(half, 1);
        var shift = diagonal[first] - off[first] / (half + Math.CopySign(root, half));
        var (x, z) = (diagonal[last] - shift, off[last - 1]);
        for (var i = last - 1; i >= first; i--)
        {
            var length = double.Hypot(x, z);
            var (c, s) = length > 0 ? (x / length, z / length) : (1, 0);
            var y = off[i];
            if (i < last - 1)
                off[i + 1] = length;
            var (upper, lower) = (diagonal[i], diagonal[i + 1]);
            var (cc, ss, cs) = (c * c, s * s, c * s);
            diagonal[i + 1] = cc * lower + 2 * cs * y + ss * upper;
            diagonal[i] = ss * lower - 2 * cs * y + cc * upper;
            x = (cc - ss) * y + cs * (upper - lower);
            off[i] = x;
            if (i > first)
            {
                z = s * off[i - 1];
                off[i - 1] *= c;
            }

            Vectors.Rotate(V.Slice((i + 1) * ldv, n), V.Slice(i * ldv, n), c, s);
        }
    }

    private static void SortAscending(Span<double> V, int n, int ldv, Span<double> values)
    {
        for (var i = 0; i < n - 1; i++)
        {
            var least = i;
            for (var j = i + 1; j < n; j++)
                least = values[j] < values[least] ? j : least;
            if (least == i)
                continue;
            (values[i], values[least]) = (values[least], values[i]);
            SwapColumns(V.Slice(i * ldv, n), V.Slice(least * ldv, n));
        }
    }

    private static void SwapColumns(Span<double> x, Span<double> y)
    {
        for (var i = 0; i < x.Length; i++)
            (x[i], y[i]) = (y[i], x[i]);
    }
}
