using System.Numerics;
using System.Runtime.InteropServices;

namespace MixedModels.Design;

/// <summary>Finds the columns of a matrix that depend on columns before them.</summary>
/// <remarks>
/// The rows are folded block by block into one triangle R with X'X = R'R by Householder reflections, never forming X'X; a column is
/// then dependent where, orthogonalised twice against the earlier independent ones, less than the tolerance of its norm is left.
/// Source: Golub &amp; Van Loan (2013), Matrix Computations, 4th ed., sections 5.2.2, 5.2.9 and 6.5.3 (row appending).
/// </remarks>
internal static class ColumnRank
{
    /// <summary>The residual norm relative to the column's norm at which a column counts as dependent, as in R's <c>lm</c> and lme4.</summary>
    public const double Tolerance = 1e-7;

    // Rows folded in at a time: a block of a few dozen columns stays in the second-level cache.
    private const int BlockRows = 256;

    /// <summary>The independent columns in their order; the earliest of dependent ones is kept. O(n p²).</summary>
    /// <param name="X">n×p, column-major, finite.</param>
    /// <param name="rows">n.</param>
    /// <param name="columns">p.</param>
    public static List<int> Independent(ReadOnlySpan<double> X, int rows, int columns)
    {
        var R = Triangle(X, rows, columns);
        var basis = new List<double[]>();
        var kept = new List<int>();
        for (var j = 0; j < columns; j++)
        {
            var column = R.AsSpan(j * columns, columns).ToArray();
            var norm = Norm(column);
            if (norm == 0)
                continue;

            // Twice is enough: Parlett (1998), The Symmetric Eigenvalue Problem, section 6.9.
            for (var pass = 0; pass < 2; pass++)
            {
                foreach (var q in basis)
                    AddScaled(-Dot(q, column), q, column);
            }

            var left = Norm(column);
            if (left <= Tolerance * norm)
                continue;
            for (var i = 0; i < column.Length; i++)
                column[i] /= left;
            basis.Add(column);
            kept.Add(j);
        }

        return kept;
    }

    // p×p upper triangle, column-major.
    private static double[] Triangle(ReadOnlySpan<double> X, int rows, int columns)
    {
        var R = new double[columns * columns];
        var block = new double[BlockRows * columns];
        var scales = new double[columns];
        for (var j = 0; j < columns; j++)
            scales[j] = Scale(X.Slice(j * rows, rows));
        for (var start = 0; start < rows; start += BlockRows)
        {
            var height = Math.Min(BlockRows, rows - start);
            for (var j = 0; j < columns; j++)
            {
                var into = block.AsSpan(j * BlockRows, height);
                into.Clear();
                AddScaled(scales[j], X.Slice((j * rows) + start, height), into);
            }

            Fold(R, block, height, columns);
        }

        return R;
    }

    // A power of two that brings the largest entry near 1, so that no square overflows; dependence does not change with scale.
    private static double Scale(ReadOnlySpan<double> column)
    {
        var largest = 0.0;
        foreach (var value in column)
            largest = Math.Max(largest, Math.Abs(value));
        return largest == 0 ? 0 : Math.ScaleB(1, Math.Clamp(-Math.ILogB(largest), -1000, 1000));
    }

    // Reflects [R; block] to a triangle again; the reflector of column j touches row j of R and the whole block.
    private static void Fold(double[] R, double[] block, int height, int columns)
    {
        for (var j = 0; j < columns; j++)
        {
            var below = block.AsSpan(j * BlockRows, height);
            var squared = Dot(below, below);
            if (squared == 0)
                continue;
            var top = R[(j * columns) + j];
            var norm = Math.Sqrt((top * top) + squared);
            var head = top < 0 ? top - norm : top + norm;
            var scale = 2 / ((head * head) + squared);
            R[(j * columns) + j] = top < 0 ? norm : -norm;
            for (var k = j + 1; k < columns; k++)
            {
                var other = block.AsSpan(k * BlockRows, height);
                ref var above = ref R[(k * columns) + j];
                var step = scale * ((head * above) + Dot(below, other));
                above -= step * head;
                AddScaled(-step, below, other);
            }
        }
    }

    private static double Norm(ReadOnlySpan<double> x) => Math.Sqrt(Dot(x, x));

    private static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var wide = MemoryMarshal.Cast<double, Vector<double>>(x);
        var other = MemoryMarshal.Cast<double, Vector<double>>(y);
        var sums = Vector<double>.Zero;
        for (var i = 0; i < wide.Length; i++)
            sums += wide[i] * other[i];
        var sum = Vector.Sum(sums);
        for (var i = wide.Length * Vector<double>.Count; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }

    private static void AddScaled(double factor, ReadOnlySpan<double> x, Span<double> y)
    {
        var wide = MemoryMarshal.Cast<double, Vector<double>>(x);
        var into = MemoryMarshal.Cast<double, Vector<double>>(y);
        for (var i = 0; i < wide.Length; i++)
            into[i] += factor * wide[i];
        for (var i = wide.Length * Vector<double>.Count; i < x.Length; i++)
            y[i] += factor * x[i];
    }
}
