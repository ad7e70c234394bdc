namespace MixedModels.Formula;

/// <summary>The text of a formula, which words its errors: the message, then the formula with the place marked.</summary>
internal sealed class FormulaSource(string text)
{
    // A screen line: a longer formula is shown as the part around the mark.
    private const int ShownLength = 100;

    /// <summary>The formula as written.</summary>
    public string Text { get; } = text;

    /// <summary>An error at a zero-based position; the text says "column" counted from 1.</summary>
    /// <param name="position">Where, zero-based; the length of the text is its end.</param>
    /// <param name="found">What was found, to be followed by "at column n".</param>
    /// <param name="wanted">What was wanted and what to try, after the colon; without a final stop.</param>
    public FormulaException Error(int position, string found, string wanted) =>
        new($"{found} at column {position + 1}: {wanted}.{Environment.NewLine}{Mark(position)}", position);

    private string Mark(int position)
    {
        var start = Text.Length <= ShownLength ? 0 : Math.Clamp(position - (ShownLength / 2), 0, Text.Length - ShownLength);
        var end = Math.Min(Text.Length, start + ShownLength);
        var before = start > 0 ? "..." : "";
        var after = end < Text.Length ? "..." : "";
        var shown = string.Create(end - start, (Text, start), static (line, part) =>
        {
            for (var i = 0; i < line.Length; i++)
                line[i] = char.IsControl(part.Text[part.start + i]) ? ' ' : part.Text[part.start + i];
        });
        return $"  {before}{shown}{after}{Environment.NewLine}  {new string(' ', before.Length + position - start)}^";
    }
}
