using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MixedModels.Reporting;

/// <summary>A result that can be written in every format. Immutable; one derived class a kind of result.</summary>
public abstract class Report
{
    // Formulas stay readable (`+` and `'` are not escaped); the text goes to files and terminals, never into HTML.
    private static readonly JsonWriterOptions jsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private protected Report()
    {
    }

    /// <summary>Writes the report, ending in a line end (<c>\n</c> on every system).</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="format">The format.</param>
    /// <exception cref="ArgumentOutOfRangeException">The format is none of the named ones.</exception>
    public void Write(TextWriter writer, ReportFormat format)
    {
        ArgumentNullException.ThrowIfNull(writer);
        switch (format)
        {
            case ReportFormat.Text:
                WriteText(writer);
                break;
            case ReportFormat.Json:
                WriteJson(writer);
                break;
            case ReportFormat.Csv:
                WriteCsv(writer);
                break;
            case ReportFormat.Markdown:
                WriteMarkdown(writer);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, "No such report format.");
        }
    }

    /// <summary>The report as one string in the given format.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The format is none of the named ones.</exception>
    public string ToString(ReportFormat format)
    {
        using var writer = new StringWriter();
        Write(writer, format);
        return writer.ToString();
    }

    /// <summary>The report as one string in the given format, text laid out for a page of its own.</summary>
    /// <param name="format">The format.</param>
    /// <param name="layout">The page; of no use to formats other than text.</param>
    /// <exception cref="ArgumentOutOfRangeException">The format is none of the named ones.</exception>
    public string ToString(ReportFormat format, TextLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        using var page = new PageWriter(format == ReportFormat.Text ? layout : new());
        Write(page, format);
        return page.ToString();
    }

    /// <summary>The report as text for a terminal.</summary>
    public sealed override string ToString() => ToString(ReportFormat.Text);

    private protected abstract void WriteText(TextWriter writer);

    private protected abstract void WriteMarkdown(TextWriter writer);

    private protected abstract void WriteCsv(TextWriter writer);

    private protected abstract void WriteJson(Utf8JsonWriter json);

    private void WriteJson(TextWriter writer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, jsonOptions))
            WriteJson(json);
        writer.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        writer.Write('\n');
    }
}
