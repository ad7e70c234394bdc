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
        ArgumentNullException.ThrowIfNull(columns);
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

    /// <summary>The columns in their order, an <see cref="UnusableColumn"/> among them where a file had one.</summary>
    public IReadOnlyList<Column> Columns => columns;

    /// <summary>The number of rows.</summary>
    public int RowCount => columns.Length == 0 ? 0 : columns[0].Length;

    /// <summary>The column of a name, upper and lower case distinguished.</summary>
    /// <exception cref="DataException">There is no such column (the message names the nearest), or it cannot be used.</exception>
    public Column this[string name] =>
        TryGetColumn(name, out var column)
            ? column
            : throw new DataException($"The data have no column '{name}'{NearestNames.SuggestOrList(name, byName.Keys)}.");

    /// <summary>Reads a delimited text file with a header line: <c>.csv</c>, <c>.tsv</c>, gzip-compressed or not.</summary>
    /// <param name="path">The file. It is held in memory while it is read, at most 2 GB of text.</param>
    /// <param name="options">Which columns are factors, and the delimiter; null for the defaults.</param>
    /// <exception cref="DataException">The file cannot be read, is not a table, or an option does not fit it; the message names the line.</exception>
    /// <exception cref="ArgumentException">The delimiter is a quote, a line end or not ASCII.</exception>
    public static DataTable ReadCsv(string path, DelimitedOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new DelimitedOptions();
        return DelimitedReader.Read(DelimitedText.FromFile(path, options.SourceName), options, path);
    }

    /// <summary>Reads delimited text with a header line, gzip-compressed or not, from a stream to its end; the stream stays open.</summary>
    /// <param name="stream">UTF-8 text. It is held in memory while it is read, at most 2 GB.</param>
    /// <param name="options">Which columns are factors, and the delimiter; null for the defaults.</param>
    /// <exception cref="DataException">The text is not a table, or an option does not fit it; the message names the line.</exception>
    /// <exception cref="ArgumentException">The delimiter is a quote, a line end or not ASCII.</exception>
    public static DataTable ReadDelimited(Stream stream, DelimitedOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options ??= new DelimitedOptions();
        return DelimitedReader.Read(DelimitedText.FromStream(stream, options.SourceName ?? "the input"), options, path: null);
    }

    /// <summary>One of the data sets that come with the library (<see cref="ExampleData.All"/>), its factors declared.</summary>
    /// <param name="name">The name, upper and lower case alike.</param>
    /// <exception cref="DataException">There is no such data set; the message names the nearest.</exception>
    public static DataTable Example(string name) => ExampleData.Find(name).Load();

    /// <summary>Finds a column by its name, upper and lower case distinguished.</summary>
    /// <exception cref="DataException">The column is there and cannot be used (<see cref="UnusableColumn"/>).</exception>
    public bool TryGetColumn(string name, [NotNullWhen(true)] out Column? column)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!byName.TryGetValue(name, out column))
            return false;
        return column is UnusableColumn unusable ? throw new DataException(unusable.Problem) : true;
    }

    /// <summary>The rows at the given zero-based positions, in their order; a position may repeat. Factors keep all their levels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A position is outside the table.</exception>
    public DataTable SelectRows(ReadOnlySpan<int> rows)
    {
        foreach (var row in rows)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(row, nameof(rows));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, RowCount, nameof(rows));
        }

        var selected = new Column[columns.Length];
        for (var i = 0; i < columns.Length; i++)
            selected[i] = columns[i].SelectRows(rows);
        return new DataTable(selected);
    }

    /// <summary>The table with a column added at the end, or put in place of the one of the same name.</summary>
    /// <exception cref="DataException">The column has another number of rows.</exception>
    public DataTable WithColumn(Column column)
    {
        ArgumentNullException.ThrowIfNull(column);
        return byName.ContainsKey(column.Name)
            ? new DataTable([.. columns.Select(old => string.Equals(old.Name, column.Name, StringComparison.Ordinal) ? column : old)])
            : new DataTable([.. columns, column]);
    }

    /// <summary>
    /// SHA-256 of names, kinds, values and levels of columns, as 64 lower-case hexadecimal digits; the same on every platform.
    /// O(rows × columns).
    /// </summary>
    /// <param name="names">The columns, in an order that counts; none for all usable columns.</param>
    /// <exception cref="DataException">A column is not there or cannot be used.</exception>
    public string ContentHash(params ReadOnlySpan<string> names)
    {
        if (names.IsEmpty)
            return Data.ContentHash.Of([.. columns.Where(column => column is not UnusableColumn)]);
        var selected = new Column[names.Length];
        for (var i = 0; i < names.Length; i++)
            selected[i] = this[names[i]];
        return Data.ContentHash.Of(selected);
    }
}
