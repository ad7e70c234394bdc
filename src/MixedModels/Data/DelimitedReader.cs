using System.Text;
using System.Text.Unicode;

namespace MixedModels.Data;

/// <summary>Reads delimited text into a table: header, rows, and for each column the reader its declaration asks for.</summary>
internal sealed class DelimitedReader
{
    private readonly DelimitedText text;
    private readonly DelimitedOptions options;
    private readonly byte delimiter;

    private DelimitedReader(DelimitedText text, DelimitedOptions options, byte delimiter)
    {
        this.text = text;
        this.options = options;
        this.delimiter = delimiter;
    }

    private string Source => text.Source;

    /// <summary>Reads all of a text.</summary>
    /// <param name="text">The content.</param>
    /// <param name="options">The declarations.</param>
    /// <param name="path">The file's name, from which a delimiter may follow; null for a stream.</param>
    /// <exception cref="DataException">The text is not a table, or a declaration does not fit it.</exception>
    /// <exception cref="ArgumentException">The delimiter cannot be one.</exception>
    public static DataTable Read(DelimitedText text, DelimitedOptions options, string? path)
    {
        if (options.Delimiter is '"' or '\r' or '\n' or '\0' or > '\x7F')
            throw new ArgumentException("A delimiter is one ASCII character, neither a quote nor a line end.", nameof(options));
        var separator = (byte?)options.Delimiter ?? DelimiterGuess.Of(path, text.Bytes);
        return new DelimitedReader(text, options, separator).ReadTable();
    }

    private DataTable ReadTable()
    {
        var scanner = Scan();
        var names = ReadHeader(ref scanner);
        RequireDeclaredColumns(names);

        var sinks = new ICellSink[names.Length];
        for (var i = 0; i < names.Length; i++)
            sinks[i] = IsDeclared(names[i]) ? new TokenColumn() : new InferredColumn(names[i], Source, delimiter != ',');
        if (ReadRows(ref scanner, sinks) == 0)
            throw new DataException($"{Source} has a header line ({names.Length} column{(names.Length == 1 ? "" : "s")}) and no rows below it.");

        var allCells = ReadAgain(names.Length, sinks);
        var columns = new Column[names.Length];
        for (var i = 0; i < names.Length; i++)
            columns[i] = sinks[i] is InferredColumn inferred ? inferred.ToColumn(allCells[i]) : Declared(names[i], (TokenColumn)sinks[i]);
        return new DataTable(columns);
    }

    private DelimitedScanner Scan() => new(text.Bytes, delimiter, Source);

    private string[] ReadHeader(ref DelimitedScanner scanner)
    {
        do
        {
            if (!scanner.Read())
                throw new DataException($"{Source} is empty; a header line with the column names and a line a row are wanted.");
        }
        while (scanner.IsBlankLine);

        var names = new string[scanner.FieldCount];
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            if (!Utf8.IsValid(scanner[i]))
                throw new DataException($"{Source} line {scanner.Line}: the name of column {i + 1} is not UTF-8. Save the file with UTF-8 encoding.");
            names[i] = Encoding.UTF8.GetString(scanner[i]).Trim();
            if (names[i].Length == 0)
                names[i] = $"column{i + 1}";
            if (!positions.TryAdd(names[i], i))
            {
                throw new DataException(
                    $"{Source} line {scanner.Line}: columns {positions[names[i]] + 1} and {i + 1} are both named '{names[i]}'. Rename one.");
            }

        }

        return names;
    }

    // Blank lines are skipped, as R does; in a table of one column a blank line above other rows is a missing value.
    private int ReadRows(ref DelimitedScanner scanner, ReadOnlySpan<ICellSink?> sinks)
    {
        var rows = 0;
        var blankLines = new List<int>();
        while (scanner.Read())
        {
            if (scanner.IsBlankLine)
            {
                if (sinks.Length == 1)
                    blankLines.Add(scanner.Line);
                continue;
            }

            if (scanner.FieldCount != sinks.Length)
                throw new DataException(Ragged(scanner.Line, scanner.FieldCount, sinks.Length, isFirst: rows == 0));
            foreach (var line in blankLines)
                sinks[0]?.Add([], line);
            rows += blankLines.Count + 1;
            blankLines.Clear();
            for (var i = 0; i < sinks.Length; i++)
                sinks[i]?.Add(scanner[i], scanner.Line);
        }

        return rows;
    }

    // A factor whose first cells looked like numbers ("1", "2", "3b") needs the text of those cells: read them once more.
    private TokenColumn?[] ReadAgain(int count, ICellSink[] sinks)
    {
        var again = new TokenColumn?[count];
        for (var i = 0; i < count; i++)
            again[i] = sinks[i] is InferredColumn { NeedsAllCells: true } ? new TokenColumn() : null;
        if (Array.TrueForAll(again, cells => cells is null))
            return again;
        var scanner = Scan();
        _ = ReadHeader(ref scanner);
        _ = ReadRows(ref scanner, again);
        return again;
    }

    private bool IsDeclared(string name) =>
        options.Levels.ContainsKey(name)
        || options.Factors.Contains(name, StringComparer.Ordinal)
        || options.FactorsIfPresent.Contains(name, StringComparer.Ordinal)
        || options.Ordered.Contains(name, StringComparer.Ordinal);

    private Column Declared(string name, TokenColumn cells)
    {
        var isOrdered = options.Ordered.Contains(name, StringComparer.Ordinal);
        return options.Levels.TryGetValue(name, out var levels)
            ? FactorTokens.WithGivenLevels(name, cells, levels, isOrdered, Source)
            : FactorTokens.InNaturalOrder(name, cells, isOrdered, Source);
    }

    private void RequireDeclaredColumns(string[] names)
    {
        foreach (var name in options.Factors.Concat(options.Ordered).Concat(options.Levels.Keys))
        {
            if (!names.Contains(name, StringComparer.Ordinal))
                throw new DataException($"{Source} has no column '{name}' to read as a factor{NearestNames.SuggestOrList(name, names)}.");
        }
    }

    private string Ragged(int line, int found, int wanted, bool isFirst)
    {
        var advice = isFirst && found == wanted + 1
            ? "If the first column holds row names, give it a name in the header."
            : "Look for a missing or extra delimiter, or text with a delimiter that needs quotes.";
        var fields = found == 1 ? "field" : "fields";
        return $"{Source} line {line}: {found} {fields} found, {wanted} wanted as in the header (delimiter {DelimiterName()}). {advice}";
    }

    private string DelimiterName() =>
        delimiter switch
        {
            (byte)',' => "comma",
            (byte)';' => "semicolon",
            (byte)'\t' => "tab",
            (byte)' ' => "space",
            _ => $"'{(char)delimiter}'",
        };
}
