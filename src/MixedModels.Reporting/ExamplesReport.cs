using System.Globalization;
using System.Text.Json;
using MixedModels.Data;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>Data sets that come with the library, each with a command that fits it. JSON: an array with an object a data set.</summary>
public sealed class ExamplesReport : Report
{
    private readonly IReadOnlyList<ExampleDataSet> examples;

    /// <summary>Reports data sets in the order given, such as <see cref="ExampleData.All"/>.</summary>
    /// <param name="examples">The data sets.</param>
    /// <exception cref="ArgumentNullException">There is no list.</exception>
    public ExamplesReport(IReadOnlyList<ExampleDataSet> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        this.examples = examples;
    }

    private protected override void WriteText(TextWriter writer)
    {
        foreach (var example in examples)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{example.Name}: {example.Title} ({example.Rows} rows)\n"));
            writer.Write($"  {example.Command}\n");
        }
    }

    private protected override void WriteMarkdown(TextWriter writer) => MarkdownTable.Write(
        writer,
        new(
        [
            new TextColumn("Name", [.. examples.Select(example => example.Name)]),
            new NumberColumn("Rows", [.. examples.Select(example => (double?)example.Rows)], new DecimalsLayout(0)),
            new TextColumn("Title", [.. examples.Select(example => example.Title)]),
            new TextColumn("Formula", [.. examples.Select(example => example.Formula)]),
            new TextColumn("Source", [.. examples.Select(example => example.Citation)]),
        ]));

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(
        writer,
        new(
        [
            new TextColumn("name", [.. examples.Select(example => example.Name)]),
            new NumberColumn("rows", [.. examples.Select(example => (double?)example.Rows)], new DecimalsLayout(0)),
            new TextColumn("title", [.. examples.Select(example => example.Title)]),
            new TextColumn("formula", [.. examples.Select(example => example.Formula)]),
            new TextColumn("arguments", [.. examples.Select(example => string.Join(' ', example.Arguments))]),
            new TextColumn("source", [.. examples.Select(example => example.Citation)]),
            new TextColumn("licence", [.. examples.Select(example => example.Licence)]),
        ]));

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var example in examples)
        {
            json.WriteStartObject();
            json.WriteString("name", example.Name);
            json.WriteNumber("rows", example.Rows);
            json.WriteString("title", example.Title);
            json.WriteString("formula", example.Formula);
            json.WriteStrings("arguments", example.Arguments);
            json.WriteString("source", example.Citation);
            json.WriteString("licence", example.Licence);
            WriteColumns(json, example.Columns);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteColumns(Utf8JsonWriter json, IReadOnlyList<ExampleColumn> columns)
    {
        json.WriteStartArray("columns");
        foreach (var column in columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            json.WriteString("type", column switch { { IsOrdered: true } => "ordered", { IsFactor: true } => "factor", _ => "number" });
            json.WriteString("meaning", column.Meaning);
            json.WriteStrings("levels", column.Levels);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
