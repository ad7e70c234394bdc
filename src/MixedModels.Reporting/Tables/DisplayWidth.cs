using System.Globalization;
using System.Text;

namespace MixedModels.Reporting.Tables;

/// <summary>How many columns of a terminal a text takes.</summary>
/// <remarks>Source: Unicode Standard Annex 11, East Asian Width, the classes W and F by their main blocks.</remarks>
internal static class DisplayWidth
{
    private const int Escape = 0x1B;

    /// <summary>The columns of a text without line ends.</summary>
    public static int Of(string text)
    {
        var (width, isEscape) = (0, false);
        foreach (var rune in text.EnumerateRunes())
        {
            // A colour's escape sequence ends in a letter and takes no room.
            if (rune.Value == Escape) isEscape = true;
            else if (isEscape) isEscape = !Rune.IsLetter(rune);
            else width += Of(rune);
        }

        return width;
    }

    private static int Of(Rune rune)
    {
        if (rune.IsAscii)
            return 1;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
            _ => IsWide(rune.Value) ? 2 : 1,
        };
    }

    private static bool IsWide(int value) => value
        is (>= 0x1100 and <= 0x115F)        // Hangul Jamo
        or (>= 0x2E80 and <= 0xA4CF)        // CJK radicals to Yi
        or (>= 0xAC00 and <= 0xD7A3)        // Hangul syllables
        or (>= 0xF900 and <= 0xFAFF)        // CJK compatibility ideographs
        or (>= 0xFE30 and <= 0xFE6F)        // CJK compatibility forms
        or (>= 0xFF00 and <= 0xFF60)        // full-width forms
        or (>= 0xFFE0 and <= 0xFFE6)        // full-width signs
        or (>= 0x1F300 and <= 0x1F9FF)      // pictographs
        or (>= 0x20000 and <= 0x3FFFD);     // CJK extensions
}
