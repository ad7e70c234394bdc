using System.Text;

namespace MixedModels.Formula;

/// <summary>Splits a formula into tokens: names, numbers, strings, operators. O(n).</summary>
internal static class Tokenizer
{
    // Longer spellings before their own beginnings.
    private static readonly string[] operators =
    [
        "%in%", "||", "==", "!=", "<=", ">=", "**", "+", "-", "*", "/", ":", "^", "~", "|", "(", ")", ",", "=", "<", ">",
    ];

    /// <summary>The tokens in order, the last being <see cref="TokenKind.End"/>.</summary>
    /// <exception cref="FormulaException">A character has no meaning, or a string or backtick is not closed.</exception>
    public static List<Token> Read(FormulaSource source)
    {
        var text = source.Text;
        var tokens = new List<Token>();
        var position = 0;
        while (true)
        {
            while (position < text.Length && char.IsWhiteSpace(text[position]))
                position++;
            if (position == text.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", position));
                return tokens;
            }

            tokens.Add(ReadOne(source, ref position));
        }
    }

    private static Token ReadOne(FormulaSource source, ref int position)
    {
        var text = source.Text;
        var start = position;
        var first = text[start];
        var next = start + 1 < text.Length ? text[start + 1] : '\0';
        if (char.IsAsciiDigit(first) || (first == '.' && char.IsAsciiDigit(next)))
            return ReadNumber(text, ref position);
        if (char.IsLetter(first) || first == '.')
        {
            while (position < text.Length && IsNamePart(text[position]))
                position++;
            return new Token(TokenKind.Name, text[start..position], start);
        }

        if (first is '"' or '\'')
            return new Token(TokenKind.Text, ReadQuoted(source, ref position, "string"), start);
        if (first == '`')
            return ReadBackticked(source, ref position);
        foreach (var symbol in operators)
        {
            if (!text.AsSpan(start).StartsWith(symbol, StringComparison.Ordinal))
                continue;
            position += symbol.Length;
            return new Token(TokenKind.Operator, string.Equals(symbol, "**", StringComparison.Ordinal) ? "^" : symbol, start);
        }

        throw Meaningless(source, start);
    }

    private static FormulaException Meaningless(FormulaSource source, int position) => source.Text[position] switch
    {
        '%' => source.Error(position, "'%'", "the one operator spelt with '%' is '%in%'"),
        '&' or '!' => source.Error(
            position, $"'{source.Text[position]}'", "logical operators are not available; compute the condition as a column of the data"),
        '[' or '$' or '@' => source.Error(
            position, $"'{source.Text[position]}'", "a formula names columns of one table; compute this as a column of the data"),
        '_' => source.Error(position, "'_'", "a name begins with a letter or '.'; put other names in backticks, as in `_x`"),
        var other => source.Error(
            position,
            char.IsControl(other) ? $"Character U+{(int)other:X4}" : $"'{other}'",
            "a formula has no such character; put names with symbols in backticks, as in `dose (mg)`"),
    };

    private static Token ReadNumber(string text, ref int position)
    {
        var start = position;
        SkipDigits(text, ref position);
        if (position < text.Length && text[position] == '.')
            position++;
        SkipDigits(text, ref position);
        if (position < text.Length && text[position] is 'e' or 'E')
        {
            var exponent = position + 1;
            if (exponent < text.Length && text[exponent] is '+' or '-')
                exponent++;
            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                position = exponent;
                SkipDigits(text, ref position);
            }
        }

        // R's mark of a whole number: 2L.
        if (position < text.Length && text[position] == 'L')
            position++;
        return new Token(TokenKind.Number, text[start..position], start);
    }

    private static void SkipDigits(string text, ref int position)
    {
        while (position < text.Length && char.IsAsciiDigit(text[position]))
            position++;
    }

    private static Token ReadBackticked(FormulaSource source, ref int position)
    {
        var start = position;
        var name = ReadQuoted(source, ref position, "name in backticks");
        if (name.Length == 0)
            throw source.Error(start, "An empty name", "put a column's name between the backticks");
        return new Token(TokenKind.Name, name, start, IsQuoted: true);
    }

    private static string ReadQuoted(FormulaSource source, ref int position, string what)
    {
        var text = source.Text;
        var start = position;
        var quote = text[position++];
        var value = new StringBuilder();
        while (position < text.Length && text[position] != quote)
        {
            if (text[position] == '\\' && position + 1 < text.Length)
                position++;
            value.Append(text[position++]);
        }

        if (position == text.Length)
            throw source.Error(start, $"A {what} that is never closed", $"wanted {quote} after it");
        position++;
        return value.ToString();
    }

    private static bool IsNamePart(char character) => char.IsLetterOrDigit(character) || character is '.' or '_';
}
