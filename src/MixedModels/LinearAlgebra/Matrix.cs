namespace MixedModels.LinearAlgebra;

/// <summary>An immutable dense matrix of results, column-major. Kernels work on spans; this type is what users read.</summary>
public sealed class Matrix
{
    private readonly double[] values;

    /// <summary>Wraps values that nobody changes afterwards.</summary>
    internal Matrix(int rows, int columns, double[] values)
    {
        if (values.Length != (long)rows * columns)
            throw new ArgumentException($"A {rows}×{columns} matrix needs {(long)rows * columns} values, got {values.Length}.", nameof(values));
        Rows = rows;
        Columns = columns;
        this.values = values;
    }

    /// <summary>A matrix of the given rows, copied.</summary>
    /// <param name="rows">Rows of equal length, such as <c>[[4, 1], [1, 2]]</c>.</param>
    /// <exception cref="ArgumentException">The rows differ in length.</exception>
    public static Matrix FromRows(IReadOnlyList<IReadOnlyList<double>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var (m, n) = (rows.Count, rows.Count == 0 ? 0 : rows[0].Count);
        var copied = new double[m * n];
        for (var i = 0; i < m; i++)
        {
            if (rows[i].Count != n)
                throw new ArgumentException($"Row {i} has {rows[i].Count} numbers, row 0 has {n}; all rows need the same number.", nameof(rows));
            for (var j = 0; j < n; j++) copied[i + (j * m)] = rows[i][j];
        }

        return new(m, n, copied);
    }

    /// <summary>The number of rows.</summary>
    public int Rows { get; }

    /// <summary>The number of columns.</summary>
    public int Columns { get; }

    /// <summary>All values, column-major: entry (i, j) at i + j × <see cref="Rows"/>.</summary>
    public ReadOnlyMemory<double> Values => values;

    /// <summary>The entry in zero-based row <paramref name="row"/> and column <paramref name="column"/>.</summary>
    public double this[int row, int column] =>
        (uint)row < (uint)Rows && (uint)column < (uint)Columns
            ? values[row + (column * Rows)]
            : throw new ArgumentOutOfRangeException(nameof(row), $"({row}, {column}) is outside a {Rows}×{Columns} matrix.");
}
