using System.Globalization;
using System.Text.Json;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>Confidence intervals, a row a parameter. JSON: <c>[ { "parameter", "estimate", "lower", "upper" } ]</c>.</summary>
public sealed class ConfidenceIntervalsReport : Report
{
    private readonly IReadOnlyList<ConfidenceInterval> intervals;
    private readonly string? title;
    private readonly IReadOnlyList<Finding> findings;

    /// <summary>Reports intervals in the order given.</summary>
    /// <param name="intervals">The intervals; may be empty.</param>
    /// <param name="title">What stands above the table, such as the method; null for nothing.</param>
    /// <param name="findings">What stands below it; null for nothing.</param>
    /// <exception cref="ArgumentNullException">There is no list.</exception>
    public ConfidenceIntervalsReport(IReadOnlyList<ConfidenceInterval> intervals, string? title = null, IReadOnlyList<Finding>? findings = null)
    {
        ArgumentNullException.ThrowIfNull(intervals);
        (this.intervals, this.title, this.findings) = (intervals, title, findings ?? []);
    }

    /// <summary>Reports Wald intervals.</summary>
    /// <param name="intervals">The intervals; may be empty.</param>
    /// <exception cref="ArgumentNullException">There is no table.</exception>
    public ConfidenceIntervalsReport(ConfidenceIntervalTable intervals)
        : this(intervals, TitleOf(intervals), intervals?.Findings)
    {
    }

    /// <summary>Reports R² and the intraclass correlations of a fit, <c>r2.marginal</c>, <c>r2.conditional</c> and <c>icc[group]</c>, with intervals by the delta method.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="level">The level, between 0 and 1.</param>
    /// <exception cref="ArgumentNullException">There is no fit.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public static ConfidenceIntervalsReport OfShares(LinearMixedModelFit fit, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var shares = fit.RSquared(level);
        ConfidenceInterval[] rows =
        [
            Of("r2.marginal", shares.Marginal),
            Of("r2.conditional", shares.Conditional),
            .. fit.IntraclassCorrelations(level).Select(correlation => Of($"icc[{correlation.Group}]", correlation.Share)),
        ];
        var open = rows.Where(interval => double.IsNaN(interval.Lower)).Select(interval => interval.Parameter).ToArray();
        var heading = string.Create(CultureInfo.InvariantCulture, $"R² and intraclass correlations, {100 * level:0.##} % intervals by the delta method on the logit scale");
        return new(rows, heading, open.Length == 0 ? [] : [NoLogit(open)]);
    }

    private static ConfidenceInterval Of(string name, VarianceShare share) => new(name, share.Estimate, share.Lower ?? double.NaN, share.Upper ?? double.NaN);

    private static Finding NoLogit(string[] names) => new(
        "no-interval",
        FindingSeverity.Note,
        $"There is no interval for {string.Join(", ", names)}.",
        "A share of 0 or 1 has no logit, and at an optimum without positive curvature the variances have no covariance.",
        "Bootstrap the share from C# (ParametricBootstrap.Run with a statistic).");

    private static string TitleOf(ConfidenceIntervalTable intervals)
    {
        ArgumentNullException.ThrowIfNull(intervals);
        return string.Create(CultureInfo.InvariantCulture, $"Wald intervals, {100 * intervals.Level:0.##} %{FitWords.Method(intervals.Method, intervals.Robust)}");
    }

    private protected override void WriteText(TextWriter writer)
    {
        if (title is not null)
            writer.Write(title + "\n");
        TextTable.Write(writer, Table(), indent: title is null ? 0 : 1);
        FindingsText.Write(writer, findings);
    }

    private protected override void WriteMarkdown(TextWriter writer)
    {
        if (title is not null)
            writer.Write($"### {MarkdownTable.Escape(title)}\n\n");
        MarkdownTable.Write(writer, Table());
        FindingsText.WriteMarkdown(writer, findings);
    }

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, Table());

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var interval in intervals)
        {
            json.WriteStartObject();
            json.WriteString("parameter", interval.Parameter);
            json.WriteReal("estimate", interval.Estimate);
            json.WriteReal("lower", interval.Lower);
            json.WriteReal("upper", interval.Upper);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private ResultTable Table()
    {
        double?[] widths = [.. intervals.Select(interval => (double?)(interval.Upper - interval.Lower))];
        NumberColumn Column(string header, Func<ConfidenceInterval, double> value) =>
            new(header, [.. intervals.Select(interval => (double?)value(interval))], new SignificantLayout(widths));
        return new(
        [
            new TextColumn("parameter", [.. intervals.Select(interval => interval.Parameter)]),
            Column("estimate", interval => interval.Estimate),
            Column("lower", interval => interval.Lower),
            Column("upper", interval => interval.Upper),
        ]);
    }
}
