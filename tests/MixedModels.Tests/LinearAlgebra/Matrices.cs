using MixedModels.LinearAlgebra;

namespace MixedModels.Tests.LinearAlgebra;

/// <summary>Random matrices with room between their columns, and the slow sums they are checked against.</summary>
internal sealed class Matrix
{
    /// <summary>What lies where no kernel may read or write.</summary>
    public const double Untouched = 1e300;

    public Matrix(int rows, int columns, int padding = 0)
    {
        (Rows, Columns, Leading) = (rows, columns, rows + padding);
        Values = new double[Leading * columns];
        Array.Fill(Values, Untouched);
    }

    public int Rows { get; }

    public int Columns { get; }

    public int Leading { get; }

    public double[] Values { get; }

    public double this[int i, int j]
    {
        get => Values[i + j * Leading];
        set => Values[i + j * Leading] = value;
    }

    public static Matrix Random(int rows, int columns, int padding, int seed)
    {
        var random = new Random(seed);
        return Fill(new Matrix(rows, columns, padding), (_, _) => 2 * random.NextDouble() - 1);
    }

    /// <summary>The lower triangle of a positive definite matrix; above it lies <see cref="Untouched"/>.</summary>
    public static Matrix PositiveDefinite(int n, int padding, int seed)
    {
        var random = new Random(seed);
        return FillLower(new Matrix(n, n, padding), (i, j) => i == j ? n * 0.7 + 1 + random.NextDouble() : 2 * random.NextDouble() - 1);
    }

    /// <summary>A well-conditioned lower triangle; above it lies <see cref="Untouched"/>.</summary>
    public static Matrix Triangle(int n, int padding, int seed)
    {
        var random = new Random(seed);
        return FillLower(new Matrix(n, n, padding), (i, j) => i == j ? 1.5 + random.NextDouble() : (2 * random.NextDouble() - 1) / n);
    }

    public static Matrix Fill(Matrix matrix, Func<int, int, double> value)
    {
        for (var j = 0; j < matrix.Columns; j++)
        {
            for (var i = 0; i < matrix.Rows; i++)
                matrix[i, j] = value(i, j);
        }

        return matrix;
    }

    public static Matrix FillLower(Matrix matrix, Func<int, int, double> value)
    {
        for (var j = 0; j < matrix.Columns; j++)
        {
            for (var i = j; i < matrix.Rows; i++)
                matrix[i, j] = value(i, j);
        }

        return matrix;
    }

    public Matrix Copy()
    {
        var copy = new Matrix(Rows, Columns, Leading - Rows);
        Values.CopyTo(copy.Values, 0);
        return copy;
    }

    /// <summary>The full matrix of a symmetric one of which the lower triangle is stored.</summary>
    public Matrix Mirrored() => Fill(new Matrix(Rows, Columns), (i, j) => this[Math.Max(i, j), Math.Min(i, j)]);

    /// <summary>The lower triangle with zeros above.</summary>
    public Matrix Lower() => Fill(new Matrix(Rows, Columns), (i, j) => i >= j ? this[i, j] : 0);

    public Matrix Transposed() => Fill(new Matrix(Columns, Rows), (i, j) => this[j, i]);

    public Matrix Times(Matrix other)
    {
        var product = Fill(new Matrix(Rows, other.Columns), (_, _) => 0);
        for (var j = 0; j < other.Columns; j++)
        {
            var target = product.Values.AsSpan(j * Rows, Rows);
            for (var p = 0; p < Columns; p++)
            {
                var value = other[p, j];
                var column = Values.AsSpan(p * Leading, Rows);
                for (var i = 0; i < target.Length; i++)
                    target[i] += value * column[i];
            }
        }

        return product;
    }

    public void ShouldBeCloseTo(Matrix expected, double tolerance, string about) => ShouldBeClose(expected, tolerance, about, lowerOnly: false);

    public void LowerShouldBeCloseTo(Matrix expected, double tolerance, string about)
    {
        ShouldBeClose(expected, tolerance, about, lowerOnly: true);
        UpperShouldBeUntouched(about);
    }

    public void ShouldHaveTheBitsOf(Matrix expected, string about) => Values.AsSpan().SequenceEqual(expected.Values).ShouldBeTrue(about);

    public void UpperShouldBeUntouched(string about)
    {
        for (var j = 1; j < Columns; j++)
            Values.AsSpan(j * Leading, Math.Min(j, Rows)).IndexOfAnyExcept(Untouched).ShouldBe(-1, $"{about}: above the diagonal of column {j}");
    }

    /// <summary>What lies between the columns is as it was.</summary>
    public void PaddingShouldBeUntouched(string about)
    {
        for (var j = 0; j < Columns && Leading > Rows; j++)
            Values.AsSpan(j * Leading + Rows, Leading - Rows).IndexOfAnyExcept(Untouched).ShouldBe(-1, $"{about}: below column {j}");
    }

    private void ShouldBeClose(Matrix expected, double tolerance, string about, bool lowerOnly)
    {
        for (var j = 0; j < Columns; j++)
        {
            for (var i = lowerOnly ? j : 0; i < Rows; i++)
            {
                // Written so that a NaN fails.
                if (!(Math.Abs(this[i, j] - expected[i, j]) <= tolerance))
                    this[i, j].ShouldBe(expected[i, j], tolerance, $"{about}, element ({i}, {j})");
            }
        }
    }
}

/// <summary>The cases every kernel is run on.</summary>
internal static class Cases
{
    /// <summary>Tile edges of all three kernels, block edges, and the odd sizes beside them.</summary>
    public static readonly int[] Orders =
        [.. Enumerable.Range(1, 34), 47, 48, 49, 64, 65, 70, 96, 97, 127, 128, 129, 200, 257];

    /// <summary>The vector paths this processor runs in hardware.</summary>
    public static readonly VectorPath[] Paths =
        [.. new[] { VectorPath.Portable, VectorPath.Vector256, VectorPath.Vector512 }.Where(path => path.IsAvailable())];
}
