using System.Text;

namespace MixedModels.Reporting.Figures;

/// <summary>How wide a text will be, without a font at hand: widths of DejaVu Sans, which is wider than the fonts asked for before it.</summary>
internal static class TextMeasure
{
    // Advance widths over the font size, rounded up, of classes of characters.
    private const double Narrow = 0.36;
    private const double Ordinary = 0.62;
    private const double Wide = 0.86;
    private const double Ideograph = 1.0;

    /// <summary>How much wider bold text is at most.</summary>
    public const double Bold = 1.13;

    /// <summary>The width in pixels at a font size.</summary>
    public static double Width(string text, double size = FigureStyle.TextSize)
    {
        var width = 0.0;
        foreach (var rune in text.EnumerateRunes()) width += Advance(rune);
        return width * size;
    }

    /// <summary>The text, or its two ends with an ellipsis between them where it is wider than there is room: names that begin alike differ at the end.</summary>
    public static string Fit(string text, double room, double size = FigureStyle.TextSize)
    {
        if (Width(text, size) <= room) return text;
        Rune[] runes = [.. text.EnumerateRunes()];
        var (kept, width) = (0, Advance(new Rune('…')) * size);
        while (kept < runes.Length)
        {
            // From the two ends in turn.
            var next = kept % 2 == 0 ? kept / 2 : runes.Length - 1 - (kept / 2);
            width += Advance(runes[next]) * size;
            if (width > room) break;
            kept++;
        }

        var (head, tail) = ((kept + 1) / 2, kept / 2);
        return string.Concat(runes.Take(head)).TrimEnd() + "…" + string.Concat(runes.TakeLast(tail)).TrimStart();
    }

    /// <summary>The text in lines no wider than there is room; a single word may be.</summary>
    public static IReadOnlyList<string> Wrap(string text, double room, double size = FigureStyle.TextSize)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : line + " " + word;
            if (line.Length > 0 && Width(longer, size) > room)
            {
                lines.Add(line);
                line = word;
            }
            else
            {
                line = longer;
            }
        }

        if (line.Length > 0) lines.Add(line);
        return lines;
    }

    private static double Advance(Rune rune) => rune.Value switch
    {
        ' ' or '.' or ',' or ':' or ';' or '\'' or '|' or 'i' or 'j' or 'l' or 'f' or 't' or 'I' or '(' or ')' or '[' or ']' or '-' or '!' => Narrow,
        'm' or 'w' or 'M' or 'W' or '%' or '@' or '+' or '=' or '<' or '>' or '~' or '−' or '±' => Wide,
        >= 0x1100 => rune.Value is >= 0x2010 and <= 0x22FF ? Wide : Ideograph,
        _ => rune.Value is >= 'A' and <= 'Z' ? 0.74 : Ordinary,
    };
}
