using System.Text.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>A script as a result. JSON: <c>{ "language", "script" }</c>.</summary>
public sealed class ScriptReport : Report
{
    private readonly string language;
    private readonly string script;

    /// <summary>Reports a script.</summary>
    /// <param name="language">What it is written in, such as <c>bash</c>.</param>
    /// <param name="script">Its lines, ended by <c>\n</c>.</param>
    /// <exception cref="ArgumentNullException">One is missing.</exception>
    public ScriptReport(string language, string script)
    {
        ArgumentNullException.ThrowIfNull(language);
        ArgumentNullException.ThrowIfNull(script);
        (this.language, this.script) = (language, script);
    }

    private protected override void WriteText(TextWriter writer) => writer.Write(script);

    private protected override void WriteMarkdown(TextWriter writer) => writer.Write($"```{language}\n{script}```\n");

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, new([new TextColumn("language", [language]), new TextColumn("script", [script])]));

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("language", language);
        json.WriteString("script", script);
        json.WriteEndObject();
    }
}
