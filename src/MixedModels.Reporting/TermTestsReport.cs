using System.Text.Json;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>Tests of the terms of a fixed part. JSON: <c>{ "type", "dfMethod", "rows": [ { "term", "statistic", "numDf", "denDf", "p", "test" } ] }</c>.</summary>
public sealed class TermTestsReport : Report
{
    private readonly TermTestTable table;

    /// <summary>Reports the tests.</summary>
    /// <param name="table">The tests; may be empty.</param>
    /// <exception cref="ArgumentNullException">There is no table.</exception>
    public TermTestsReport(TermTestTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        this.table = table;
    }

    private bool IsF => table.Statistic == TestStatistic.F;

    private string Title => IsF
        ? $"Type {table.Type} tests{FitWords.Method(table.Method, table.Robust)}"
        : $"Type {table.Type} tests (Wald's chi-square, {(table.Robust is { } robust ? $"{robust.Adjustment} covariance by {robust.Cluster}" : "variances taken as known")})";

    private protected override void WriteText(TextWriter writer)
    {
        writer.Write(Title + "\n");
        if (table.Count == 0)
            writer.Write(" The fixed part has no terms.\n");
        else
            TextTable.Write(writer, TermTestsTable.ForReading(table), indent: 1);
        FindingsText.Write(writer, table.Findings);
    }

    private protected override void WriteMarkdown(TextWriter writer)
    {
        writer.Write($"### {Title}\n\n");
        if (table.Count == 0)
            writer.Write("The fixed part has no terms.\n");
        else
            MarkdownTable.Write(writer, TermTestsTable.ForReading(table));
        FindingsText.WriteMarkdown(writer, table.Findings);
    }

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, new(
    [
        new TextColumn("term", [.. table.Select(row => row.Term)]),
        Exact("statistic", row => row.Statistic),
        Exact("numDf", row => row.NumeratorDf),
        Exact("denDf", row => row.DenominatorDf ?? double.NaN),
        Exact("p", row => row.PValue),
        new TextColumn("test", [.. table.Select(_ => Test)]),
    ]));

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("type", (int)table.Type);
        json.WriteMethod(table.Method, table.Robust);
        json.WriteStartArray("rows");
        foreach (var row in table)
        {
            json.WriteStartObject();
            json.WriteString("term", row.Term);
            json.WriteReal("statistic", row.Statistic);
            json.WriteNumber("numDf", row.NumeratorDf);
            json.WriteReal("denDf", row.DenominatorDf);
            json.WriteReal("p", row.PValue);
            json.WriteString("test", Test);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStrings("messages", table.Findings.Select(finding => finding.What));
        json.WriteEndObject();
    }

    private string Test => IsF ? "F" : "chisq";

    private NumberColumn Exact(string header, Func<TermTest, double> value) =>
        new(header, [.. table.Select(row => (double?)value(row))], new SignificantLayout());
}
