namespace MixedModels.Design;

/// <summary>
/// A triangle R with R'R = X'X, folded from rows block by block without forming X'X, and the projections of its columns on those kept so
/// far. A workspace of one thread.
/// </summary>
/// <remarks>
/// Source: Golub &amp; Van Loan (2013), Matrix Computations, 4th ed., sections 5.2.2 (Householder), 5.2.8 (modified Gram–Schmidt), 6.5.3
/// (rows appended); twice is enough: Parlett (1998), The Symmetric Eigenvalue Problem, section 6.9.
/// </remarks>
internal sealed class ColumnFactorization(int columns)
{
    // A block of a few dozen columns stays in the second-level cache.
    private const int BlockRows = 256;

    // p×p, upper, column-major.
    private readonly double[] R = new double[columns * columns];
    private readonly double[] block = new double[BlockRows * columns];

    // The kept columns of R as Q T: orthonormal columns with their coefficients. Column k of Q is zero below row q_k of the column it came from.
    private readonly List<double[]> Q = [];
    private readonly List<double[]> T = [];
    private double[] residual = [];
    private double[] coefficients = [];
    private double residualNorm;

    /// <summary>Folds rows in, each column multiplied by its scale. O(n p²).</summary>
    public void Fold(ReadOnlySpan<double> X, int rows, ReadOnlySpan<double> scales)
    {
        for (var start = 0; start < rows; start += BlockRows)
        {
            var height = Math.Min(BlockRows, rows - start);
            for (var j = 0; j < columns; j++)
            {
                var into = block.AsSpan(j * BlockRows, height);
                into.Clear();
                DenseColumns.AddScaled(scales[j], X.Slice((j * rows) + start, height), into);
            }

            FoldBlock(height);
        }
    }

    /// <summary>Projects column j, which comes after all kept ones, on those; gives the norm of what is left.</summary>
    public double Project(int j)
    {
        residual = R.AsSpan(j * columns, j + 1).ToArray();
        coefficients = new double[Q.Count];
        for (var pass = 0; pass < 2; pass++)
        {
            for (var k = 0; k < Q.Count; k++)
            {
                var q = Q[k];
                var within = residual.AsSpan(0, q.Length);
                var step = DenseColumns.Dot(q, within);
                coefficients[k] += step;
                DenseColumns.AddScaled(-step, q, within);
            }
        }

        residualNorm = Math.Sqrt(DenseColumns.Dot(residual, residual));
        return residualNorm;
    }

    /// <summary>Keeps the column projected last.</summary>
    public void Keep(int j)
    {
        var norm = residualNorm;
        Q.Add(Array.ConvertAll(residual, value => value / norm));
        T.Add([.. coefficients, norm]);
    }

    /// <summary>The combination b of the kept columns nearest to the column projected last: T b = Q' r.</summary>
    public double[] Combination()
    {
        var b = (double[])coefficients.Clone();
        for (var k = b.Length - 1; k >= 0; k--)
        {
            b[k] /= T[k][k];
            for (var i = 0; i < k; i++)
                b[i] -= T[k][i] * b[k];
        }

        return b;
    }

    // Reflects [R; block] to a triangle again; the reflector of column j touches row j of R and the whole block.
    private void FoldBlock(int height)
    {
        for (var j = 0; j < columns; j++)
        {
            var below = block.AsSpan(j * BlockRows, height);
            var squared = DenseColumns.Dot(below, below);
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
                var step = scale * ((head * above) + DenseColumns.Dot(below, other));
                above -= step * head;
                DenseColumns.AddScaled(-step, below, other);
            }
        }
    }
}
