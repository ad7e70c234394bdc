using System.Diagnostics.CodeAnalysis;

namespace MixedModels.Data;

/// <summary>Named columns of equal length. Immutable and safe for concurrent reading.</summary>
public sealed class DataTable
{
    private readonly Dictionary<string, Column> byName;
    private readonly Column[] columns;

    /// <summary>Creates a table of the given columns.</summary>
    /// <exception cref="DataException">Two columns share a name or lengths differ.</exception>
    public DataTable(IReadOnlyList<Column> columns)
    {
        this.columns = [.. columns];
        byName = new Dictionary<string, Column>(StringComparer.Ordinal);
        foreach (var column in this.columns)
        {
            if (!byName.TryAdd(column.Name, column))
                throw new DataException($"Two columns are named '{column.Name}'; column names must differ.");
            if (column.Length != this.columns[0].Length)
                throw new DataException($"Column '{column.Name}' has {column.Length} rows, '{this.columns[0].Name}' has {this.columns[0].Length}; all columns need the same number.");
        }
    }

    /// <summary>The columns in their order.</summary>
    public IReadOnlyList<Column> Columns => columns;

    /// <summary>The number of rows.</summary>
    public int RowCount => columns.Length == 0 ? 0 : columns[0].Length;

    /// <summary>Finds a column by its name, upper and lower case distinguished.</summary>
    public bool TryGetColumn(string name, [NotNullWhen(true)] out Column? column) => byName.TryGetValue(name, out column);
}
