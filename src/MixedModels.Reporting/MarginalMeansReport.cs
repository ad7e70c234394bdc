using System.Globalization;
using System.Text.Json;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>
/// Marginal means or slopes, and contrasts of them. JSON: <c>{ "dfMethod", "level", "weights", "trend", "scale", "means": [ { "levels", "estimate",
/// "se", "df", "lower", "upper" } ], "adjust", "adjustError", "contrastKind", "contrasts": [ { "contrast", "levels", "estimate", "se", "df", "statistic",
/// "p", "lower", "upper" } ], "messages": […] }</c>. CSV holds the contrasts where there are some, else the means.
/// </summary>
public sealed class MarginalMeansReport : Report
{
    private readonly MarginalMeanTable means;
    private readonly MeanContrastTable? contrasts;

    /// <summary>Reports means, and contrasts of them where there are some.</summary>
    /// <param name="means">The means.</param>
    /// <param name="contrasts">The contrasts; null for none.</param>
    /// <exception cref="ArgumentNullException">There are no means.</exception>
    public MarginalMeansReport(MarginalMeanTable means, MeanContrastTable? contrasts = null)
    {
        ArgumentNullException.ThrowIfNull(means);
        (this.means, this.contrasts) = (means, contrasts);
    }

    private Adjustment Adjustment => contrasts?.Adjustment ?? means.Adjustment;

    private IReadOnlyList<Finding> Findings => [.. means.Findings, .. contrasts?.Findings ?? []];

    private string Title
    {
        get
        {
            var what = means.Options.Trend is { } trend ? $"Slopes of {trend}" : "Marginal means";
            var over = means.Over.Count == 0 ? "" : $" over {string.Join(", ", means.Over)}";
            var by = means.By.Count == 0 ? "" : $" by {string.Join(", ", means.By)}";
            return $"{what}{over}{by}{FitWords.Method(means.Method, means.Robust)}";
        }
    }

    private string Grid
    {
        get
        {
            var factors = means.Averaged.Where(part => !part.Contains('=', StringComparison.Ordinal)).ToArray();
            var values = means.Averaged.Where(part => part.Contains('=', StringComparison.Ordinal)).ToArray();
            var parts = new List<string>();
            if (factors.Length > 0)
                parts.Add($"averaged over {string.Join(", ", factors)} ({(means.Options.Weights == MeanWeights.Equal ? "equal" : "proportional")} weights)");
            if (values.Length > 0)
                parts.Add(string.Join("; ", values));
            if (MarginalMeansWords.Scale(means.Options) is { } scale) parts.Add(scale);
            parts.Add(Intervals(means.Adjustment, "intervals"));
            var text = string.Join("; ", parts);
            return char.ToUpperInvariant(text[0]) + text[1..] + ".";
        }
    }

    private string Family
    {
        get
        {
            var table = contrasts!;
            int[] families = [.. table.GroupBy(row => string.Join('\n', means.By.Select(factor => row.Levels[factor])), StringComparer.Ordinal).Select(group => group.Count()).Distinct()];
            var family = families is [var all] ? string.Create(CultureInfo.InvariantCulture, $"{all} contrasts") : "all contrasts";
            var each = means.By.Count > 0 ? " in each group" : "";
            var error = table.ProbabilityError > 0
                ? string.Create(CultureInfo.InvariantCulture, $"; standard error of p at most {table.ProbabilityError:0.0e+00} (quasi-Monte Carlo)")
                : "";
            return table.Adjustment == Adjustment.None
                ? $"p-values are not adjusted; {Intervals(Adjustment.None, "intervals")}."
                : string.Create(CultureInfo.InvariantCulture, $"p-values adjusted for {family}{each}: {table.Adjustment.Name()}{error}; {Intervals(table.Adjustment, "intervals")}.");
        }
    }

    private protected override void WriteText(TextWriter writer)
    {
        writer.Write(Title + "\n");
        TextTable.Write(writer, MeansForReading(), indent: 1);
        WrappedText.Write(writer, " ", Grid, 1);
        if (contrasts is not null)
        {
            writer.Write("\nContrasts\n");
            TextTable.Write(writer, ContrastsForReading(contrasts), indent: 1);
            WrappedText.Write(writer, " ", Family, 1);
        }

        FindingsText.Write(writer, Findings);
    }

    private protected override void WriteMarkdown(TextWriter writer)
    {
        writer.Write($"### {MarkdownTable.Escape(Title)}\n\n");
        MarkdownTable.Write(writer, MeansForReading());
        writer.Write($"\n{MarkdownTable.Escape(Grid)}\n");
        if (contrasts is not null)
        {
            writer.Write("\n### Contrasts\n\n");
            MarkdownTable.Write(writer, ContrastsForReading(contrasts));
            writer.Write($"\n{MarkdownTable.Escape(Family)}\n");
        }

        FindingsText.WriteMarkdown(writer, Findings);
    }

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, contrasts is null
        ? new(
        [
            .. Factors(),
            Exact("estimate", means.Select(mean => mean.Estimate)),
            Exact("se", means.Select(mean => mean.StandardError)),
            Exact("df", means.Select(mean => mean.DegreesOfFreedom ?? double.NaN)),
            Exact("lower", means.Select(mean => mean.Lower)),
            Exact("upper", means.Select(mean => mean.Upper)),
        ])
        : new(
        [
            .. Groups(contrasts),
            new TextColumn("contrast", [.. contrasts.Select(row => row.Contrast)]),
            Exact("estimate", contrasts.Select(row => row.Estimate)),
            Exact("se", contrasts.Select(row => row.StandardError)),
            Exact("df", contrasts.Select(row => row.DegreesOfFreedom ?? double.NaN)),
            Exact("statistic", contrasts.Select(row => row.Statistic)),
            Exact("p", contrasts.Select(row => row.PValue)),
            Exact("lower", contrasts.Select(row => row.Lower)),
            Exact("upper", contrasts.Select(row => row.Upper)),
        ]));

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteMethod(means.Method, means.Robust);
        json.WriteReal("level", means.Options.Level);
        json.WriteString("weights", means.Options.Weights == MeanWeights.Equal ? "equal" : "proportional");
        json.WriteString("trend", means.Options.Trend);
        json.WriteString("scale", means.Options.Scale.Name());
        json.WriteStartArray("means");
        foreach (var mean in means)
        {
            json.WriteStartObject();
            WriteLevels(json, [.. means.Over, .. means.By], mean.Levels);
            json.WriteReal("estimate", mean.Estimate);
            json.WriteReal("se", mean.StandardError);
            json.WriteReal("df", mean.DegreesOfFreedom);
            json.WriteReal("lower", mean.Lower);
            json.WriteReal("upper", mean.Upper);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("adjust", Adjustment.Name());
        json.WriteReal("adjustError", contrasts?.ProbabilityError ?? 0);
        json.WriteString("contrastKind", MarginalMeansWords.Word(contrasts?.Kind));
        json.WriteStartArray("contrasts");
        foreach (var row in contrasts ?? Enumerable.Empty<MeanContrast>())
            WriteContrast(json, row);
        json.WriteEndArray();
        json.WriteStrings("messages", Findings.Select(finding => finding.What));
        json.WriteEndObject();
    }

    private void WriteContrast(Utf8JsonWriter json, MeanContrast row)
    {
        json.WriteStartObject();
        json.WriteString("contrast", row.Contrast);
        WriteLevels(json, means.By, row.Levels);
        json.WriteReal("estimate", row.Estimate);
        json.WriteReal("se", row.StandardError);
        json.WriteReal("df", row.DegreesOfFreedom);
        json.WriteReal("statistic", row.Statistic);
        json.WriteReal("p", row.PValue);
        json.WriteReal("lower", row.Lower);
        json.WriteReal("upper", row.Upper);
        json.WriteEndObject();
    }

    private static void WriteLevels(Utf8JsonWriter json, IReadOnlyList<string> factors, IReadOnlyDictionary<string, string> levels)
    {
        json.WriteStartObject("levels");
        foreach (var factor in factors)
            json.WriteString(factor, levels[factor]);
        json.WriteEndObject();
    }

    private string Intervals(Adjustment adjustment, string noun) => string.Create(
        CultureInfo.InvariantCulture, $"{100 * means.Options.Level:0.####} % {noun}{(adjustment == Adjustment.None ? "" : $" that hold together ({OfIntervals(adjustment).Name()})")}");

    // Those that adjust p-values step by step have no intervals, and Bonferroni's stand in; a finding says so.
    private static Adjustment OfIntervals(Adjustment adjustment) =>
        adjustment is Adjustment.Holm or Adjustment.Hochberg or Adjustment.FalseDiscoveryRate ? Adjustment.Bonferroni : adjustment;

    private IEnumerable<TextColumn> Factors() =>
        means.By.Concat(means.Over).Select(factor => new TextColumn(factor, [.. means.Select(mean => mean.Levels[factor])]));

    private IEnumerable<TextColumn> Groups(MeanContrastTable table) =>
        means.By.Select(factor => new TextColumn(factor, [.. table.Select(row => row.Levels[factor])]));

    private ResultTable MeansForReading()
    {
        double?[] errors = [.. means.Select(mean => (double?)mean.StandardError)];
        var columns = new List<ResultColumn>(Factors());
        var keys = columns.Count;
        columns.Add(new NumberColumn(means.Options.Trend is null ? "Mean" : "Slope", [.. means.Select(mean => (double?)mean.Estimate)], new SignificantLayout(errors)));
        columns.Add(new NumberColumn("Std. error", errors, new SignificantLayout()));
        if (means.Any(mean => mean.DegreesOfFreedom is not null))
            columns.Add(new NumberColumn("df", [.. means.Select(mean => mean.DegreesOfFreedom)], new DecimalsLayout(1)));
        columns.Add(new NumberColumn("Lower", [.. means.Select(mean => (double?)mean.Lower)], new SignificantLayout(errors)));
        columns.Add(new NumberColumn("Upper", [.. means.Select(mean => (double?)mean.Upper)], new SignificantLayout(errors)));
        return new(columns, keys);
    }

    private ResultTable ContrastsForReading(MeanContrastTable table)
    {
        double?[] errors = [.. table.Select(row => (double?)row.StandardError)];
        var columns = new List<ResultColumn>(Groups(table)) { new TextColumn("Contrast", [.. table.Select(row => row.Contrast)]) };
        var keys = columns.Count;
        columns.Add(new NumberColumn(MarginalMeansWords.Header(table.Kind), [.. table.Select(row => (double?)row.Estimate)], new SignificantLayout(errors)));
        columns.Add(new NumberColumn("Std. error", errors, new SignificantLayout()));
        if (table.Any(row => row.DegreesOfFreedom is not null))
            columns.Add(new NumberColumn("df", [.. table.Select(row => row.DegreesOfFreedom)], new DecimalsLayout(1)));
        columns.Add(new NumberColumn(means.Method.IsNormal() ? "z value" : "t value", [.. table.Select(row => (double?)row.Statistic)], new DecimalsLayout(3)));
        columns.Add(new NumberColumn("p", [.. table.Select(row => (double?)row.PValue)], new ProbabilityLayout()));
        columns.Add(new NumberColumn("Lower", [.. table.Select(row => (double?)row.Lower)], new SignificantLayout(errors)));
        columns.Add(new NumberColumn("Upper", [.. table.Select(row => (double?)row.Upper)], new SignificantLayout(errors)));
        return new(columns, keys);
    }

    private static NumberColumn Exact(string header, IEnumerable<double> values) =>
        new(header, [.. values.Select(value => (double?)value)], new SignificantLayout());
}
