namespace MixedModels.Data;

/// <summary>Which character stands between the fields of a file that does not say.</summary>
internal static class DelimiterGuess
{
    /// <summary>
    /// The delimiter the file name stands for if the header line has it outside quotes, else the first of tab, semicolon (if there
    /// is no comma) and comma that it has; for a header of one name, what the file name stands for, else a comma.
    /// </summary>
    /// <param name="path">The file's name, or null for a stream.</param>
    /// <param name="text">The UTF-8 text.</param>
    public static byte Of(string? path, ReadOnlySpan<byte> text)
    {
        var usual = FromName(path);
        var (tab, semicolon, comma) = InHeader(text);
        if (usual == (byte)'\t' ? tab : usual == (byte)',' && comma)
            return usual.Value;
        if (tab)
            return (byte)'\t';
        if (comma)
            return (byte)',';
        return semicolon ? (byte)';' : usual ?? (byte)',';
    }

    private static byte? FromName(string? path)
    {
        if (path is null)
            return null;
        var extension = Path.GetExtension(path);
        if (extension.Equals(".gz", StringComparison.OrdinalIgnoreCase))
            extension = Path.GetExtension(Path.GetFileNameWithoutExtension(path));
        return extension.ToUpperInvariant() switch
        {
            ".CSV" => (byte)',',
            ".TSV" or ".TAB" => (byte)'\t',
            _ => null,
        };
    }

    private static (bool Tab, bool Semicolon, bool Comma) InHeader(ReadOnlySpan<byte> text)
    {
        var (tab, semicolon, comma) = (false, false, false);
        var (quoted, begun) = (false, false);
        foreach (var symbol in text)
        {
            if (symbol is (byte)'\n' or (byte)'\r' && !quoted)
            {
                if (begun)
                    break;
                continue;
            }

            begun |= symbol != ' ';
            quoted ^= symbol == '"';
            tab |= symbol == '\t' && !quoted;
            semicolon |= symbol == ';' && !quoted;
            comma |= symbol == ',' && !quoted;
        }

        return (tab, semicolon, comma);
    }
}
