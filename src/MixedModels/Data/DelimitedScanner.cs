namespace MixedModels.Data;

/// <summary>Splits UTF-8 delimited text into records of fields, by the rules of RFC 4180 with any line ending. Owned by one thread.</summary>
/// <remarks>
/// A field that begins with a quote ends at the next single quote; a doubled one inside stands for itself. Blanks around a field
/// do not belong to it unless they are within its quotes. A quote inside an unquoted field is an ordinary character.
/// Source: RFC 4180, section 2.
/// </remarks>
internal ref struct DelimitedScanner
{
    private readonly ReadOnlySpan<byte> text;
    private readonly byte delimiter;
    private readonly string source;
    private Field[] fields = new Field[16];
    private byte[] unescaped = [];
    private int position;
    private int nextLine = 1;

    /// <summary>Starts at the first byte of a text.</summary>
    public DelimitedScanner(ReadOnlySpan<byte> text, byte delimiter, string source)
    {
        this.text = text;
        this.delimiter = delimiter;
        this.source = source;
    }

    /// <summary>The number of fields in the record just read.</summary>
    public int FieldCount { get; private set; }

    /// <summary>The one-based line on which the record just read begins.</summary>
    public int Line { get; private set; }

    /// <summary>Whether the record just read is a line of nothing but blanks.</summary>
    public readonly bool IsBlankLine => FieldCount == 1 && fields[0].Start == fields[0].End && !fields[0].IsQuoted;

    /// <summary>Reads the next record; false at the end.</summary>
    /// <exception cref="DataException">A quote is not closed, or text follows a closing quote.</exception>
    public bool Read()
    {
        if (position >= text.Length)
            return false;
        Line = nextLine;
        FieldCount = 0;
        do
        {
            if (FieldCount == fields.Length)
                Array.Resize(ref fields, 2 * FieldCount);
            fields[FieldCount++] = NextField();
        }
        while (SkipDelimiter());

        SkipLineEnd();
        return true;
    }

    /// <summary>The content of a field of the record just read, valid until the next call.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var field = fields[index];
            var content = text[field.Start..field.End];
            return field.HasDoubledQuotes ? Unescape(content) : content;
        }
    }

    private Field NextField()
    {
        var start = position;
        while (start < text.Length && IsBlank(text[start]))
            start++;
        return start < text.Length && text[start] == '"' ? QuotedField(start + 1) : PlainField(start);
    }

    private Field PlainField(int start)
    {
        var end = start;
        while (end < text.Length && text[end] != delimiter && text[end] is not ((byte)'\n' or (byte)'\r'))
            end++;
        position = end;
        while (end > start && IsBlank(text[end - 1]))
            end--;
        return new Field(start, end, IsQuoted: false, HasDoubledQuotes: false);
    }

    private Field QuotedField(int start)
    {
        var doubled = false;
        var end = start;
        while (true)
        {
            var step = text[end..].IndexOf((byte)'"');
            if (step < 0)
                throw new DataException($"{source} line {nextLine}: a quote opens a field and is never closed. Close it, or double a quote that belongs to the text (\"\").");
            end += step;
            if (end + 1 >= text.Length || text[end + 1] != '"')
                break;
            doubled = true;
            end += 2;
        }

        position = end + 1;
        while (position < text.Length && IsBlank(text[position]))
            position++;
        if (position < text.Length && text[position] != delimiter && text[position] is not ((byte)'\n' or (byte)'\r'))
            throw new DataException($"{source} line {nextLine}: text follows a closing quote. Put quotes around the whole field and double a quote that belongs to the text (\"\").");
        nextLine += LineEndsIn(text[start..end]);
        return new Field(start, end, IsQuoted: true, doubled);
    }

    private bool SkipDelimiter()
    {
        if (position >= text.Length || text[position] != delimiter)
            return false;
        position++;
        return true;
    }

    private void SkipLineEnd()
    {
        if (position >= text.Length)
            return;
        position += LineEndLength(text[position..]);
        nextLine++;
    }

    // A blank that is itself the delimiter separates fields and is never skipped.
    private readonly bool IsBlank(byte symbol) => symbol is (byte)' ' or (byte)'\t' && symbol != delimiter;

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> content)
    {
        if (unescaped.Length < content.Length)
            unescaped = new byte[content.Length];
        var length = 0;
        for (var i = 0; i < content.Length; i++)
        {
            unescaped[length++] = content[i];
            if (content[i] == '"')
                i++;
        }

        return unescaped.AsSpan(0, length);
    }

    private static int LineEndsIn(ReadOnlySpan<byte> content)
    {
        var count = 0;
        for (var i = content.IndexOfAny((byte)'\n', (byte)'\r'); i >= 0; i = content.IndexOfAny((byte)'\n', (byte)'\r'))
        {
            count++;
            content = content[(i + LineEndLength(content[i..]))..];
        }

        return count;
    }

    private static int LineEndLength(ReadOnlySpan<byte> atLineEnd) => atLineEnd.StartsWith("\r\n"u8) ? 2 : 1;

    private readonly record struct Field(int Start, int End, bool IsQuoted, bool HasDoubledQuotes);
}
