using System.Globalization;
using System.Text.Json;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>The conditional modes of the random effects with their standard deviations.</summary>
/// <remarks>Text and Markdown: a table a term, a row a level. CSV: a row a level and effect. JSON: an object a level, terms after one another.</remarks>
public sealed class ConditionalModesReport : Report
{
    private readonly IReadOnlyList<ConditionalModes> terms;

    /// <summary>Reports the modes of each random term.</summary>
    /// <param name="terms">The terms in the formula's order; may be empty.</param>
    /// <exception cref="ArgumentNullException">There is no list.</exception>
    public ConditionalModesReport(IReadOnlyList<ConditionalModes> terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        this.terms = terms;
    }

    private protected override void WriteText(TextWriter writer)
    {
        if (terms.Count == 0)
            writer.Write("The model has no random effects.\n");
        for (var term = 0; term < terms.Count; term++)
        {
            writer.Write(term == 0 ? "" : "\n");
            writer.Write(Title(terms[term]) + "\n");
            TextTable.Write(writer, ByLevel(terms[term]), indent: 1);
        }
    }

    private protected override void WriteMarkdown(TextWriter writer)
    {
        if (terms.Count == 0)
            writer.Write("The model has no random effects.\n");
        for (var term = 0; term < terms.Count; term++)
        {
            writer.Write(term == 0 ? "" : "\n");
            writer.Write($"### {MarkdownTable.Escape(Title(terms[term]))}\n\n");
            MarkdownTable.Write(writer, ByLevel(terms[term]));
        }
    }

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, ByLevelAndEffect());

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var term in terms)
        {
            for (var level = 0; level < term.Levels.Count; level++)
            {
                var row = level;
                var effects = Enumerable.Range(0, term.ColumnNames.Count);
                json.WriteStartObject();
                json.WriteString("group", term.Group);
                json.WriteString("level", term.Levels[level]);
                json.WriteStrings("names", term.ColumnNames);
                json.WriteNumbers("modes", effects.Select(effect => term.Modes[row, effect]));
                json.WriteNumbers("sd", effects.Select(effect => term.StandardDeviations[row, effect]));
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private static string Title(ConditionalModes term) => string.Create(
        CultureInfo.InvariantCulture,
        $"{term.Group} ({term.Levels.Count} {(term.Levels.Count == 1 ? "level" : "levels")}): conditional modes, each followed by its standard deviation");

    private static ResultTable ByLevel(ConditionalModes term)
    {
        var columns = new List<ResultColumn> { new TextColumn(term.Group, term.Levels) };
        for (var effect = 0; effect < term.ColumnNames.Count; effect++)
        {
            var current = effect;
            double?[] deviations = [.. term.Levels.Select((_, level) => (double?)term.StandardDeviations[level, current])];
            double?[] modes = [.. term.Levels.Select((_, level) => (double?)term.Modes[level, current])];
            columns.Add(new NumberColumn(term.ColumnNames[effect], modes, new SignificantLayout(deviations)));
            columns.Add(new NumberColumn("SD", deviations, new SignificantLayout()));
        }

        return new(columns);
    }

    private ResultTable ByLevelAndEffect()
    {
        var groups = new List<string>();
        var levels = new List<string>();
        var names = new List<string>();
        var modes = new List<double?>();
        var deviations = new List<double?>();
        foreach (var term in terms)
        {
            for (var level = 0; level < term.Levels.Count; level++)
            {
                for (var effect = 0; effect < term.ColumnNames.Count; effect++)
                {
                    groups.Add(term.Group);
                    levels.Add(term.Levels[level]);
                    names.Add(term.ColumnNames[effect]);
                    modes.Add(term.Modes[level, effect]);
                    deviations.Add(term.StandardDeviations[level, effect]);
                }
            }
        }

        return new(
        [
            new TextColumn("group", groups),
            new TextColumn("level", levels),
            new TextColumn("name", names),
            new NumberColumn("mode", modes, new SignificantLayout()),
            new NumberColumn("sd", deviations, new SignificantLayout()),
        ]);
    }
}
