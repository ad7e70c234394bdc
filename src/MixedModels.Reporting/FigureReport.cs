using System.Text.Json;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>
/// A figure as a result: what can be seen in it in text and Markdown, and in JSON <c>{ "plot", "title", "description", "caption", "svg" }</c>.
/// </summary>
public sealed class FigureReport : Report
{
    private readonly Figure figure;
    private readonly FigureTheme theme;

    /// <summary>Reports a figure.</summary>
    /// <param name="figure">The figure.</param>
    /// <param name="theme">The colours of its SVG.</param>
    /// <exception cref="ArgumentNullException">There is no figure.</exception>
    public FigureReport(Figure figure, FigureTheme theme = FigureTheme.Auto)
    {
        ArgumentNullException.ThrowIfNull(figure);
        (this.figure, this.theme) = (figure, theme);
    }

    private protected override void WriteText(TextWriter writer)
    {
        writer.Write(figure.Title + "\n");
        WrappedText.Write(writer, "", figure.Description, 0);
    }

    private protected override void WriteMarkdown(TextWriter writer) =>
        writer.Write($"**{MarkdownTable.Escape(figure.Title)}.** {MarkdownTable.Escape(figure.Description)}\n");

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, new(
    [
        new TextColumn("plot", [figure.Name]),
        new TextColumn("title", [figure.Title]),
        new TextColumn("description", [figure.Description]),
    ]));

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("plot", figure.Name);
        json.WriteString("title", figure.Title);
        json.WriteString("description", figure.Description);
        json.WriteString("caption", figure.Caption);
        json.WriteString("svg", figure.ToSvg(theme));
        json.WriteEndObject();
    }
}
