using System.Text;

namespace MixedModels.Reporting.Tables;

/// <summary>Writes a table as a Markdown pipe table, rounded for reading.</summary>
/// <remarks>Source: GitHub Flavored Markdown Spec, section 4.10 (tables).</remarks>
internal static class MarkdownTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter writer, ResultTable table)
    {
        var cells = table.Columns.Select(column => column.Displayed()).ToArray();
        WriteLine(writer, table.Columns.Select(column => Escape(column.Header)));
        WriteLine(writer, table.Columns.Select(column => column.Alignment == Alignment.Right ? "---:" : ":---"));
        for (var row = 0; row < table.RowCount; row++)
        {
            var current = row;
            WriteLine(writer, cells.Select(column => Escape(column[current])));
        }
    }

    /// <summary>Text in which no character means anything to Markdown and no line ends.</summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (character is '\\' or '|' or '*' or '_' or '`' or '<' or '>' or '[' or ']' or '#' or '~' or '$')
                escaped.Append('\\');
            escaped.Append(character is '\r' or '\n' ? ' ' : character);
        }

        return escaped.ToString();
    }

    private static void WriteLine(TextWriter writer, IEnumerable<string> cells)
    {
        writer.Write("| ");
        writer.Write(string.Join(" | ", cells));
        writer.Write(" |\n");
    }

    /// <summary>Text in a code span, fenced by more backticks than it holds in a row; a formula may hold quoted names.</summary>
    public static string CodeSpan(string code)
    {
        if (!code.Contains('`', StringComparison.Ordinal))
            return $"`{code}`";
        var longest = 0;
        var run = 0;
        foreach (var character in code)
        {
            run = character == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', longest + 1);
        return $"{fence} {code} {fence}";
    }
}
