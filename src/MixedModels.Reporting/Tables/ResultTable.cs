namespace MixedModels.Reporting.Tables;

/// <summary>A table of results, independent of how it is written. Immutable.</summary>
internal sealed class ResultTable
{
    /// <summary>Creates a table of columns of equal length.</summary>
    /// <param name="columns">The columns in their order.</param>
    /// <param name="keyColumns">How many leading columns say which row it is; they are repeated where a wide table is folded.</param>
    /// <exception cref="ArgumentException">The columns differ in length, or there are none.</exception>
    public ResultTable(IReadOnlyList<ResultColumn> columns, int keyColumns = 1)
    {
        if (columns.Count == 0)
            throw new ArgumentException("A table needs a column.", nameof(columns));
        foreach (var column in columns)
        {
            if (column.Length != columns[0].Length)
                throw new ArgumentException($"Column '{column.Header}' has {column.Length} rows, '{columns[0].Header}' has {columns[0].Length}.", nameof(columns));
        }

        Columns = columns;
        KeyColumns = Math.Min(keyColumns, columns.Count);
    }

    /// <summary>The columns in their order.</summary>
    public IReadOnlyList<ResultColumn> Columns { get; }

    /// <summary>How many leading columns say which row it is.</summary>
    public int KeyColumns { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount => Columns[0].Length;
}
