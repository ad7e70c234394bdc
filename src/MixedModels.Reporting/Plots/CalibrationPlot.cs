using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>Observed shares of successes against the probabilities that the fixed effects alone, and with the random effects, give.</summary>
/// <remarks>
/// Rows in order of their probability are cut into tenths of the trials; an interval is Wilson's (1927, JASA 22, 209–212) with rows taken as independent given
/// the probability. Probabilities at random effects of zero are not averages over groups: their curve is flatter than the diagonal at large variances.
/// </remarks>
public sealed class CalibrationPlot : Plot
{
    private const int Bins = 10;

    /// <inheritdoc/>
    public override string Name => "calibration";

    /// <inheritdoc/>
    public override string Summary => "observed shares against predicted probabilities of a binomial fit";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => PlotWords.NeedsTrials(fit, "residuals");

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var z = NormalQuantiles.TwoSided(options.Level);
        var hasRandom = fit.RandomTerms.Count > 0;
        var (own, population) = (Shares(fit, fit.FittedMeans.Span, z), Shares(fit, fit.PopulationMeans.Span, z));
        var range = DataRange.Of(own.Concat(population).SelectMany(bin => new[] { bin.Predicted, bin.Lower, bin.Upper }));
        var panels = new List<Panel>();
        if (hasRandom) panels.Add(PanelOf("Fixed effects alone", population, range, isFirst: true));
        panels.Add(PanelOf(hasRandom ? "With random effects" : "", own, range, isFirst: !hasRandom));
        return new()
        {
            Name = Name,
            Title = "Calibration: shares observed and predicted",
            Description = $"{PlotWords.Count(own.Length)} groups of rows in the order of their probability{(hasRandom ? " with random effects" : "")}: "
                + string.Join("; ", own.Select(bin => $"predicted {PlotWords.Number(bin.Predicted)}, observed {PlotWords.Number(bin.Observed)}")) + ".",
            Caption = $"Dots on the diagonal: what is said to happen in a fifth of cases does. Lines: {PlotWords.Percent(options.Level)} intervals, rows taken as independent."
                + (hasRandom ? " At random effects of zero probabilities lie further from one half than averages over groups do." : ""),
            Panels = panels,
            Columns = panels.Count,
        };
    }

    private static Panel PanelOf(string title, (double Predicted, double Observed, double Lower, double Upper, int Count)[] bins, DataRange range, bool isFirst)
    {
        return new()
        {
            Title = title,
            X = Axis.Of("Predicted probability", range),
            Y = Axis.Of(isFirst ? "Observed share" : "", range),
            SharesY = !isFirst,
            Layers =
            [
                new RuleLayer(0, 1),
                new IntervalLayer([.. bins.Select(bin => bin.Predicted)], [.. bins.Select(bin => bin.Observed)], [.. bins.Select(bin => bin.Lower)], [.. bins.Select(bin => bin.Upper)])
                {
                    IsUpright = true,
                    Tooltip = k => $"{PlotWords.Count(bins[k].Count)} rows: predicted {PlotWords.Number(bins[k].Predicted)}, observed {PlotWords.Number(bins[k].Observed)} ({PlotWords.Number(bins[k].Lower)} to {PlotWords.Number(bins[k].Upper)})",
                },
            ],
        };
    }

    /// <summary>Shares in bins of about equally many trials.</summary>
    internal static (double Predicted, double Observed, double Lower, double Upper, int Count)[] Shares(IInspectedFit fit, ReadOnlySpan<double> probability, double z)
    {
        var p = probability.ToArray();
        var (y, m) = (fit.Design.Response.ToArray(), PlotWords.Trials(fit));
        int[] order = [.. Enumerable.Range(0, p.Length).OrderBy(r => p[r]).ThenBy(r => r)];
        var (total, done) = (m.Sum(), 0.0);
        var bins = new (double Predicted, double Successes, double Trials, int Count)[Bins];
        foreach (var r in order)
        {
            var k = Math.Min(Bins - 1, (int)(Bins * (done + (0.5 * m[r])) / total));
            bins[k] = (bins[k].Predicted + (m[r] * p[r]), bins[k].Successes + y[r], bins[k].Trials + m[r], bins[k].Count + 1);
            done += m[r];
        }

        return [.. bins.Where(bin => bin.Trials > 0).Select(bin => Wilson(bin.Predicted / bin.Trials, bin.Successes / bin.Trials, bin.Trials, bin.Count, z))];
    }

    private static (double Predicted, double Observed, double Lower, double Upper, int Count) Wilson(double predicted, double share, double n, int count, double z)
    {
        var scale = 1 + (z * z / n);
        var centre = (share + (z * z / (2 * n))) / scale;
        var half = z * Math.Sqrt((share * (1 - share) / n) + (z * z / (4 * n * n))) / scale;
        return (predicted, share, Math.Max(0, centre - half), Math.Min(1, centre + half), count);
    }
}
