namespace MixedModels.Reporting;

/// <summary>How a piece of text stands out on a terminal.</summary>
internal enum TextStyle
{
    Heading,
    Good,
    Note,
    Warning,
    Problem,
}

/// <summary>A text writer that knows the page it writes on; any other stands for a page of the default layout.</summary>
internal sealed class PageWriter(TextLayout layout) : StringWriter
{
    private static readonly TextLayout plain = new();

    /// <summary>The layout of a writer's page.</summary>
    public static TextLayout LayoutOf(TextWriter writer) => writer is PageWriter page ? page.Layout : plain;

    /// <summary>A text as it stands out on a writer's page: as it is where there are no colours.</summary>
    public static string Styled(TextWriter writer, TextStyle style, string text) => LayoutOf(writer).HasColour ? $"\u001b[{Code(style)}m{text}\u001b[0m" : text;

    private TextLayout Layout { get; } = layout;

    // The eight colours of every terminal, so that its own theme chooses their shade.
    private static string Code(TextStyle style) => style switch
    {
        TextStyle.Heading => "1",
        TextStyle.Good => "32",
        TextStyle.Note => "36",
        TextStyle.Warning => "33",
        _ => "1;31",
    };
}
