using System.Buffers;

namespace MixedModels.Reporting.Tables;

/// <summary>Writes a table as comma-separated values: full precision, a header line, <c>\n</c> line ends.</summary>
/// <remarks>Source: RFC 4180, section 2 (quoting); line ends as Unix tools want them.</remarks>
internal static class CsvTable
{
    private static readonly SearchValues<char> quoted = SearchValues.Create(",\"\r\n");

    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter writer, ResultTable table)
    {
        WriteLine(writer, table, column => column.Header);
        for (var row = 0; row < table.RowCount; row++)
        {
            var current = row;
            WriteLine(writer, table, column => column.Exact(current));
        }
    }

    private static void WriteLine(TextWriter writer, ResultTable table, Func<ResultColumn, string> cell)
    {
        for (var column = 0; column < table.Columns.Count; column++)
        {
            if (column > 0)
                writer.Write(',');
            writer.Write(Escape(cell(table.Columns[column])));
        }

        writer.Write('\n');
    }

    private static string Escape(string cell) =>
        cell.AsSpan().ContainsAny(quoted) || cell.AsSpan().Trim().Length != cell.Length
            ? "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\""
            : cell;
}
