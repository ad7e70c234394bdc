namespace MixedModels.Formula;

/// <summary>What a token of a formula is.</summary>
internal enum TokenKind
{
    Number,
    Text,
    Name,
    Operator,
    End,
}

/// <summary>One token of a formula with its place.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">
/// A name without backticks, a string without quotes, an operator in its canonical spelling, a number as written.
/// </param>
/// <param name="Position">Zero-based position of its first character.</param>
/// <param name="IsQuoted">Whether a name stood in backticks, so that it is never a keyword.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position, bool IsQuoted = false)
{
    /// <summary>Whether the token is the given operator or bracket.</summary>
    public bool Is(string symbol) => Kind == TokenKind.Operator && string.Equals(Text, symbol, StringComparison.Ordinal);

    /// <summary>The token as an error message shows it.</summary>
    public string Shown => Kind switch
    {
        TokenKind.End => "the end of the formula",
        TokenKind.Text => $"\"{Text}\"",
        _ => $"'{Text}'",
    };
}
