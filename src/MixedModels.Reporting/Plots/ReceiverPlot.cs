using System.Globalization;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>The receiver operating characteristic of a binomial fit: hits against false alarms as the threshold moves, with the area beneath.</summary>
/// <remarks>
/// The area is the chance that a success has a higher probability than a failure, ties counting half: Mann and Whitney's statistic over the
/// number of pairs (Hanley and McNeil 1982, Radiology 143, 29–36). It is of the rows fitted, and so larger than of new ones.
/// </remarks>
public sealed class ReceiverPlot : Plot
{
    private const int MostPoints = 600;

    /// <inheritdoc/>
    public override string Name => "roc";

    /// <inheritdoc/>
    public override string Summary => "receiver curve of a binomial fit: hits against false alarms, with the area";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => PlotWords.NeedsTrials(fit, "predicted")
        ?? (fit.Design.Response.Span.IndexOfAnyExcept(0.0) < 0 || fit.Responses.Span.IndexOfAnyExcept(1.0) < 0 ? "the responses are all alike." : null);

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var hasRandom = fit.RandomTerms.Count > 0;
        var own = Curve(fit, fit.FittedMeans.Span);
        var fixedPart = Curve(fit, fit.PopulationMeans.Span);
        var layers = new List<Layer> { new RuleLayer(0, 1) };
        if (hasRandom) layers.Add(new LineLayer(fixedPart.X, fixedPart.Y) { Style = "s1" });
        layers.Add(new LineLayer(own.X, own.Y) { Width = 2.2 });
        var unit = new DataRange(0, 1);
        return new()
        {
            Name = Name,
            Title = "Receiver curve",
            Description = $"The area under the curve is {PlotWords.Number(fixedPart.Area)} by the fixed effects alone{(hasRandom ? $" and {PlotWords.Number(own.Area)} with the random effects" : "")}.",
            Caption = "How many successes have a probability above a threshold against how many failures do, as it moves. The area is the chance that a success is given a higher probability than a failure; 0.5 is guessing. On the rows of the fit it flatters.",
            Panels = [new Panel { X = Axis.Of("Failures above the threshold", unit), Y = Axis.Of("Successes above the threshold", unit), Layers = layers }],
            Width = 480,
            PanelHeight = 380,
            Legend = hasRandom
                ? [new($"with random effects: area {Area(own.Area)}", "s0", LegendKey.Line), new($"fixed effects alone: area {Area(fixedPart.Area)}", "s1", LegendKey.Line)]
                : [new($"area {Area(own.Area)}", "s0", LegendKey.Line)],
        };
    }

    private static string Area(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>The curve and the area under it. O(n log n).</summary>
    internal static (double[] X, double[] Y, double Area) Curve(IInspectedFit fit, ReadOnlySpan<double> probability)
    {
        var p = probability.ToArray();
        var (y, m) = (fit.Design.Response.ToArray(), PlotWords.Trials(fit));
        var (successes, failures) = (y.Sum(), m.Sum() - y.Sum());
        int[] order = [.. Enumerable.Range(0, p.Length).OrderByDescending(r => p[r])];
        var (xs, ys, area) = (new List<double> { 0 }, new List<double> { 0 }, 0.0);
        var (hits, alarms) = (0.0, 0.0);
        for (var k = 0; k < order.Length; k++)
        {
            hits += y[order[k]];
            alarms += m[order[k]] - y[order[k]];
            if (k + 1 < order.Length && p[order[k + 1]] == p[order[k]]) continue;
            var (x, height) = (alarms / failures, hits / successes);
            area += (x - xs[^1]) * 0.5 * (height + ys[^1]);
            xs.Add(x);
            ys.Add(height);
        }

        int[] shown = [.. Enumerable.Range(0, xs.Count).Where(k => k == xs.Count - 1 || xs.Count <= MostPoints || k % (xs.Count / MostPoints + 1) == 0)];
        return ([.. shown.Select(k => xs[k])], [.. shown.Select(k => ys[k])], area);
    }
}
