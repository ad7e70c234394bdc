using System.Globalization;
using System.Text.Json;
using MixedModels.LinearAlgebra;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>Simulated responses, a column a replicate: <c>sim_1</c>, <c>sim_2</c>, … JSON: an object with an array a replicate.</summary>
public sealed class SimulationReport : Report
{
    private readonly Matrix replicates;

    /// <summary>Reports simulated responses.</summary>
    /// <param name="replicates">Rows × replicates.</param>
    /// <exception cref="ArgumentNullException">There is no matrix.</exception>
    public SimulationReport(Matrix replicates)
    {
        ArgumentNullException.ThrowIfNull(replicates);
        this.replicates = replicates;
    }

    private protected override void WriteText(TextWriter writer) => TextTable.Write(writer, NumberedTable());

    private protected override void WriteMarkdown(TextWriter writer) => MarkdownTable.Write(writer, NumberedTable());

    // No column beside the replicates: what reads them back takes every column for one.
    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, new([.. Columns()]));

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        for (var k = 0; k < replicates.Columns; k++) json.WriteNumbers(Name(k), Values(k));
        json.WriteEndObject();
    }

    private ResultTable NumberedTable() => new(
        [new NumberColumn("row", [.. Enumerable.Range(1, replicates.Rows).Select(row => (double?)row)], new DecimalsLayout(0)), .. Columns()]);

    private IEnumerable<ResultColumn> Columns() => Enumerable.Range(0, replicates.Columns)
        .Select(k => new NumberColumn(Name(k), [.. Values(k).Select(value => (double?)value)], new SignificantLayout()));

    private static string Name(int replicate) => "sim_" + (replicate + 1).ToString(CultureInfo.InvariantCulture);

    private IEnumerable<double> Values(int replicate) => Enumerable.Range(0, replicates.Rows).Select(row => replicates[row, replicate]);
}
