using System.Globalization;
using System.Text;

namespace MixedModels.Reporting.Figures;

/// <summary>Writes SVG elements: attributes in the order given, numbers rounded to a hundredth of a pixel, so that equal figures are equal text.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder text = new();

    /// <summary>A coordinate as text.</summary>
    public static string Number(double value)
    {
        var rounded = Math.Round(value, 2, MidpointRounding.AwayFromZero);
        return (rounded == 0 ? 0 : rounded).ToString("0.##", CultureInfo.InvariantCulture);
    }

    /// <summary>Text with what means something to XML escaped, and what XML cannot hold left out.</summary>
    public static string Escape(string content)
    {
        var escaped = new StringBuilder(content.Length);
        foreach (var character in content)
        {
            _ = character switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\t' or '\n' or '\r' => escaped.Append(' '),
                < ' ' or '\uFFFE' or '\uFFFF' => escaped,
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Opens an element.</summary>
    public void Open(string element, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(element, attributes);
        text.Append(">\n");
    }

    /// <summary>Closes an element.</summary>
    public void Close(string element) => text.Append("</").Append(element).Append(">\n");

    /// <summary>An element without content, or with a tooltip alone.</summary>
    public void Mark(string element, string? tooltip, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(element, attributes);
        if (tooltip is null)
            text.Append("/>\n");
        else
            text.Append("><title>").Append(Escape(tooltip)).Append("</title></").Append(element).Append(">\n");
    }

    /// <summary>An element that holds text alone.</summary>
    public void Content(string element, string content, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Start(element, attributes);
        text.Append('>').Append(Escape(content)).Append("</").Append(element).Append(">\n");
    }

    /// <summary>A line of text.</summary>
    /// <param name="content">The text.</param>
    /// <param name="x">Where it is anchored.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="kind">Its class; empty for ordinary text.</param>
    /// <param name="anchor"><c>start</c>, <c>middle</c> or <c>end</c>.</param>
    /// <param name="rotation">Degrees, clockwise, about the anchor.</param>
    public void Text(string content, double x, double y, string kind = "", string anchor = "start", double rotation = 0)
    {
        var attributes = new List<(string, string)> { ("x", Number(x)), ("y", Number(y)) };
        if (kind.Length > 0) attributes.Add(("class", kind));
        if (!string.Equals(anchor, "start", StringComparison.Ordinal)) attributes.Add(("text-anchor", anchor));
        if (rotation != 0) attributes.Add(("transform", $"rotate({Number(rotation)} {Number(x)} {Number(y)})"));
        Content("text", content, [.. attributes]);
    }

    /// <summary>A straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, params ReadOnlySpan<(string Name, string Value)> attributes) =>
        Mark("line", null, [("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)), .. attributes]);

    /// <summary>A style sheet, written as it stands.</summary>
    public void Style(string rules) => text.Append("<style>").Append(rules).Append("</style>\n");

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    private void Start(string element, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        text.Append('<').Append(element);
        foreach (var (name, value) in attributes)
            text.Append(' ').Append(name).Append("=\"").Append(Escape(value)).Append('"');
    }
}
