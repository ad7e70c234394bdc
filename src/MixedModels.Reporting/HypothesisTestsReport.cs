using System.Globalization;
using System.Text.Json;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>
/// Tests of linear hypotheses. JSON: <c>{ "dfMethod", "rows": [ { "hypothesis", "estimate", "se", "df", "statistic", "p" } ],
/// "joint": { "statistic", "numDf", "denDf", "p" } }</c>. CSV holds the rows.
/// </summary>
public sealed class HypothesisTestsReport : Report
{
    private readonly HypothesisTestTable table;

    /// <summary>Reports the tests.</summary>
    /// <param name="table">The tests.</param>
    /// <exception cref="ArgumentNullException">There is no table.</exception>
    public HypothesisTestsReport(HypothesisTestTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        this.table = table;
    }

    private string Title => $"Linear hypotheses{FitWords.Method(table.Method, table.Robust)}";

    private string Joint
    {
        get
        {
            var joint = table.Joint;
            var statistic = new DecimalsLayout(3).Single(joint.Statistic);
            var p = new ProbabilityLayout().Layout([joint.PValue])[0];
            var second = joint.DenominatorDf is { } df ? string.Create(CultureInfo.InvariantCulture, $" and {df:0.0}") : "";
            return string.Create(CultureInfo.InvariantCulture, $"All together: F = {statistic} on {joint.NumeratorDf}{second} degrees of freedom, p = {p}");
        }
    }

    private protected override void WriteText(TextWriter writer)
    {
        writer.Write(Title + "\n");
        TextTable.Write(writer, ForReading(), indent: 1);
        if (table.Count > 1)
            writer.Write($"\n{Joint}\n");
        FindingsText.Write(writer, table.Findings);
    }

    private protected override void WriteMarkdown(TextWriter writer)
    {
        writer.Write($"### {Title}\n\n");
        MarkdownTable.Write(writer, ForReading());
        if (table.Count > 1)
            writer.Write($"\n{MarkdownTable.Escape(Joint)}\n");
        FindingsText.WriteMarkdown(writer, table.Findings);
    }

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, new(
    [
        new TextColumn("hypothesis", [.. table.Select(row => row.Hypothesis)]),
        Exact("estimate", row => row.Estimate),
        Exact("se", row => row.StandardError),
        Exact("df", row => row.DegreesOfFreedom ?? double.NaN),
        Exact("statistic", row => row.Statistic),
        Exact("p", row => row.PValue),
    ]));

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteMethod(table.Method, table.Robust);
        json.WriteStartArray("rows");
        foreach (var row in table)
        {
            json.WriteStartObject();
            json.WriteString("hypothesis", row.Hypothesis);
            json.WriteReal("estimate", row.Estimate);
            json.WriteReal("se", row.StandardError);
            json.WriteReal("df", row.DegreesOfFreedom);
            json.WriteReal("statistic", row.Statistic);
            json.WriteReal("p", row.PValue);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("joint");
        json.WriteReal("statistic", table.Joint.Statistic);
        json.WriteNumber("numDf", table.Joint.NumeratorDf);
        json.WriteReal("denDf", table.Joint.DenominatorDf);
        json.WriteReal("p", table.Joint.PValue);
        json.WriteEndObject();
        json.WriteStrings("messages", table.Findings.Select(finding => finding.What));
        json.WriteEndObject();
    }

    private ResultTable ForReading()
    {
        double?[] errors = [.. table.Select(row => (double?)row.StandardError)];
        var columns = new List<ResultColumn>
        {
            new TextColumn("", [.. table.Select(row => row.Hypothesis)]),
            new NumberColumn("Estimate", [.. table.Select(row => (double?)row.Estimate)], new SignificantLayout(errors)),
            new NumberColumn("Std. error", errors, new SignificantLayout()),
        };
        if (table.Any(row => row.DegreesOfFreedom is not null))
            columns.Add(new NumberColumn("df", [.. table.Select(row => row.DegreesOfFreedom)], new DecimalsLayout(1)));
        columns.Add(new NumberColumn(table.Method.IsNormal() ? "z value" : "t value", [.. table.Select(row => (double?)row.Statistic)], new DecimalsLayout(3)));
        columns.Add(new NumberColumn("p", [.. table.Select(row => (double?)row.PValue)], new ProbabilityLayout()));
        return new(columns);
    }

    private NumberColumn Exact(string header, Func<HypothesisTest, double> value) =>
        new(header, [.. table.Select(row => (double?)value(row))], new SignificantLayout());
}
