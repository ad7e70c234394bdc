using System.Globalization;
using System.Text.Json;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>
/// A bootstrap: mean, bias and standard deviation of each parameter's draws for reading; the draws themselves for programs. JSON:
/// <c>{ "replicates", "completed", "failed", "separated", "seed", "parameters": […], "estimates": […], "draws": [[…]], "failures": [ { "replicate", "reason" } ] }</c>,
/// a row of draws a successful replicate. CSV: a column a parameter, a row a successful replicate.
/// </summary>
public sealed class BootstrapReport : Report
{
    private readonly ParametricBootstrap bootstrap;

    /// <summary>Reports a bootstrap, complete or not.</summary>
    /// <param name="bootstrap">The run.</param>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public BootstrapReport(ParametricBootstrap bootstrap)
    {
        ArgumentNullException.ThrowIfNull(bootstrap);
        this.bootstrap = bootstrap;
    }

    private string Title => string.Create(
        CultureInfo.InvariantCulture,
        $"Parametric bootstrap: {bootstrap.Completed} of {bootstrap.Replicates} replicates, {bootstrap.Failures.Count} failed{Separated}, seed {bootstrap.Seed}");

    private string Separated => bootstrap.Failures.Count(failure => failure.IsSeparated) is > 0 and var count ? FormattableString.Invariant($" ({count} separated)") : "";

    private protected override void WriteText(TextWriter writer)
    {
        writer.Write(Title + "\n");
        TextTable.Write(writer, Summary(), indent: 1);
        FindingsText.Write(writer, bootstrap.Findings());
    }

    private protected override void WriteMarkdown(TextWriter writer)
    {
        writer.Write($"### {Title}\n\n");
        MarkdownTable.Write(writer, Summary());
        FindingsText.WriteMarkdown(writer, bootstrap.Findings());
    }

    private protected override void WriteCsv(TextWriter writer)
    {
        var draws = bootstrap.Values();
        CsvTable.Write(writer, new([.. bootstrap.ParameterNames.Select((name, k) =>
            new NumberColumn(name, [.. Enumerable.Range(0, draws.Rows).Select(row => (double?)draws[row, k])], new SignificantLayout()))]));
    }

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("replicates", bootstrap.Replicates);
        json.WriteNumber("completed", bootstrap.Completed);
        json.WriteNumber("failed", bootstrap.Failures.Count);
        json.WriteNumber("separated", bootstrap.Failures.Count(failure => failure.IsSeparated));
        json.WriteNumber("seed", bootstrap.Seed);
        json.WriteStrings("parameters", bootstrap.ParameterNames);
        json.WriteNumbers("estimates", bootstrap.Estimates);
        json.WriteMatrix("draws", bootstrap.Values());
        json.WriteStartArray("failures");
        foreach (var failure in bootstrap.Failures)
        {
            json.WriteStartObject();
            json.WriteNumber("replicate", failure.Replicate + 1);
            json.WriteString("reason", failure.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private ResultTable Summary()
    {
        var draws = bootstrap.Values();
        var moments = bootstrap.ParameterNames.Select((_, k) => Moments([.. Enumerable.Range(0, draws.Rows).Select(row => draws[row, k]).Where(double.IsFinite)])).ToArray();
        double?[] deviations = [.. moments.Select(moment => (double?)moment.Deviation)];
        var layout = new SignificantLayout(deviations);
        return new(
        [
            new TextColumn("parameter", bootstrap.ParameterNames),
            new NumberColumn("estimate", [.. bootstrap.Estimates.Select(value => (double?)value)], layout),
            new NumberColumn("mean", [.. moments.Select(moment => (double?)moment.Mean)], layout),
            new NumberColumn("bias", [.. moments.Select((moment, k) => (double?)(moment.Mean - bootstrap.Estimates[k]))], layout),
            new NumberColumn("SD", deviations, layout),
        ]);
    }

    private static (double Mean, double Deviation) Moments(double[] values)
    {
        if (values.Length < 2) return (double.NaN, double.NaN);
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)));
    }
}
