namespace MixedModels.Reporting.Tables;

/// <summary>Writes sentences in lines that fit a page.</summary>
internal static class WrappedText
{
    /// <summary>A paragraph of longer lines is hard to read, however wide the page.</summary>
    private const int WidestParagraph = 100;

    /// <summary>Writes a text broken at blanks; words longer than the page stay whole.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="first">What stands before the first line.</param>
    /// <param name="text">The text; line ends in it are blanks.</param>
    /// <param name="hanging">Blanks before every further line.</param>
    public static void Write(TextWriter writer, string first, string text, int hanging)
    {
        writer.Write(first);
        var pageWidth = Math.Min(WidestParagraph, PageWriter.LayoutOf(writer).Width);
        var column = DisplayWidth.Of(first);
        var atLineStart = true;
        foreach (var word in text.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var width = DisplayWidth.Of(word);
            if (!atLineStart && column + 1 + width > pageWidth)
            {
                writer.Write('\n');
                writer.Write(new string(' ', hanging));
                column = hanging;
                atLineStart = true;
            }

            if (!atLineStart)
            {
                writer.Write(' ');
                column++;
            }

            writer.Write(word);
            column += width;
            atLineStart = false;
        }

        writer.Write('\n');
    }
}
