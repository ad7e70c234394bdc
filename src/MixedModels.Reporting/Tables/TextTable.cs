namespace MixedModels.Reporting.Tables;

/// <summary>Writes a table for a terminal: columns aligned, two blanks between them, folded where it is wider than the page.</summary>
internal static class TextTable
{
    private const string Gap = "  ";

    /// <summary>Writes the table; a folded one repeats its key columns in every part.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="table">The table.</param>
    /// <param name="indent">Blanks before each line.</param>
    /// <remarks>A single column may exceed the page.</remarks>
    public static void Write(TextWriter writer, ResultTable table, int indent = 0)
    {
        var width = PageWriter.LayoutOf(writer).Width;
        var columns = table.Columns.Select(column => new LaidOutColumn(column)).ToArray();
        var keys = columns[..table.KeyColumns];
        var keyWidth = indent + keys.Sum(column => column.Width + Gap.Length);
        var next = keys.Length;
        var isFirst = true;
        do
        {
            var used = keyWidth;
            var start = next;
            while (next < columns.Length && (next == start || used + columns[next].Width <= width))
                used += columns[next++].Width + Gap.Length;
            if (!isFirst)
                writer.Write('\n');
            isFirst = false;
            WritePart(writer, [.. keys, .. columns[start..next]], indent, table.RowCount);
        }
        while (next < columns.Length);
    }

    private static void WritePart(TextWriter writer, LaidOutColumn[] columns, int indent, int rows)
    {
        WriteLine(writer, columns, indent, column => column.Header);
        for (var row = 0; row < rows; row++)
        {
            var current = row;
            WriteLine(writer, columns, indent, column => column.Cells[current]);
        }
    }

    private static void WriteLine(TextWriter writer, LaidOutColumn[] columns, int indent, Func<LaidOutColumn, string> cell)
    {
        var line = string.Join(Gap, columns.Select(column => column.Pad(cell(column))));
        writer.Write((new string(' ', indent) + line).TrimEnd());
        writer.Write('\n');
    }

    private sealed class LaidOutColumn
    {
        private readonly Alignment alignment;

        public LaidOutColumn(ResultColumn column)
        {
            Header = column.Header;
            Cells = column.Displayed();
            alignment = column.Alignment;
            Width = DisplayWidth.Of(Header);
            foreach (var cell in Cells)
                Width = Math.Max(Width, DisplayWidth.Of(cell));
        }

        public string Header { get; }

        public IReadOnlyList<string> Cells { get; }

        public int Width { get; }

        public string Pad(string cell)
        {
            var blanks = new string(' ', Width - DisplayWidth.Of(cell));
            return alignment == Alignment.Right ? blanks + cell : cell + blanks;
        }
    }
}
