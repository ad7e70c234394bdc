using System.Globalization;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>How often each count occurs against how often the model says, on a root scale, bars hanging from the expected curve.</summary>
/// <remarks>
/// Source: Kleiber and Zeileis 2016, The American Statistician 70, 296–303. Expected frequencies are those of responses simulated with random effects drawn
/// anew, and so hold the variance between groups; the band holds the middle of the simulations count by count.
/// </remarks>
public sealed class RootogramPlot : Plot
{
    private const int Replicates = 250;

    /// <summary>Bars for the counts up to the 95th hundredth of the responses; where that takes more, neighbours share one. The last holds all beyond.</summary>
    private const int MostBars = 40;
    private const double Shown = 0.95;

    /// <inheritdoc/>
    public override string Name => "rootogram";

    /// <inheritdoc/>
    public override string Summary => "frequencies of counts against those the model expects, bars hanging from the curve";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) =>
        fit.Generalized is { Family: { IsDiscrete: true, HasTrials: false } } ? null : "the responses are no counts (mixed plot simulated compares responses of any family).";

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var y = fit.Design.Response.ToArray();
        var draws = fit.Simulate(options.Replicates ?? Replicates, options.Seed);
        cancellationToken.ThrowIfCancellationRequested();
        var upTo = (int)y.Order().ElementAt((int)(Shown * (y.Length - 1)));
        var width = Math.Max(1, (int)Math.Ceiling((upTo + 1) / (double)MostBars));
        var bins = Math.Min(MostBars, Math.Max((upTo / width) + 2, 4));
        double[] observed = Frequencies(y, bins, width);
        var simulated = Enumerable.Range(0, draws.Columns)
            .Select(k => Frequencies([.. Enumerable.Range(0, y.Length).Select(r => draws[r, k])], bins, width)).ToArray();
        double[] Across(Func<double[], double> take) => [.. Enumerable.Range(0, bins).Select(k => take([.. simulated.Select(own => Math.Sqrt(own[k])).Order()]))];
        double[] expected = [.. Enumerable.Range(0, bins).Select(k => Math.Sqrt(simulated.Average(own => own[k])))];
        var tail = 0.5 * (1 - options.Level);
        var (low, high) = (Across(roots => roots[(int)(tail * (roots.Length - 1))]), Across(roots => roots[(int)Math.Ceiling((1 - tail) * (roots.Length - 1))]));
        double[] middle = [.. Enumerable.Range(0, bins).Select(k => (k * width) + (0.5 * (width - 1)))];
        double[] feet = [.. expected.Select((root, k) => root - Math.Sqrt(observed[k]))];
        var outside = Enumerable.Range(0, bins).Where(k => Math.Sqrt(observed[k]) < low[k] - 1e-9 || Math.Sqrt(observed[k]) > high[k] + 1e-9).ToArray();
        string Label(int k) => k == bins - 1 ? string.Create(CultureInfo.InvariantCulture, $"{k * width} or more") : width == 1 ? (k * width).ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{k * width} to {(k * width) + width - 1}");
        return new()
        {
            Name = Name,
            Title = $"Counts of {fit.Design.ResponseName}, observed and expected",
            Description = $"{PlotWords.Count((int)observed[0])} of {PlotWords.Count(y.Length)} responses are {Label(0)}, where {PlotWords.Number(expected[0] * expected[0])} are expected. "
                + (outside.Length == 0 ? "Every frequency lies within the simulations' band." : $"Outside the simulations' band: {string.Join(", ", outside.Take(8).Select(Label))}{(outside.Length > 8 ? ", …" : "")}."),
            Caption = $"Roots of frequencies. Bars hang from the frequency expected (line) and are as long as that observed: one that ends below zero is too frequent, one that ends above too rare. Dashed: the middle {PlotWords.Percent(options.Level)} of simulations, count by count, about zero. The last bar holds all counts beyond.",
            Panels =
            [
                new Panel
                {
                    X = Counts(fit.Design.ResponseName, bins, width),
                    Y = Axis.Of("√frequency", DataRange.Of(expected.Concat(feet).Concat(expected.Zip(high, (root, top) => root - top)).Concat(expected.Zip(low, (root, bottom) => root - bottom))).With(0)),
                    Layers =
                    [
                        new BarLayer([.. middle.Select(at => at - (0.42 * width))], [.. middle.Select(at => at + (0.42 * width))], feet, expected)
                        {
                            Tooltip = k => $"{Label(k)}: {observed[k]} observed, {PlotWords.Number(expected[k] * expected[k])} expected",
                        },
                        new LineLayer(middle, [.. expected.Zip(high, (root, top) => root - top)]) { Style = "s1", Width = 1.2, IsDashed = true },
                        new LineLayer(middle, [.. expected.Zip(low, (root, bottom) => root - bottom)]) { Style = "s1", Width = 1.2, IsDashed = true },
                        new RuleLayer(0) { IsDashed = false },
                        new LineLayer(middle, expected) { Style = "s1" },
                        new PointLayer(middle, expected) { Style = "s1", Radius = 2.4, Opacity = 1 },
                    ],
                },
            ],
            Legend = [new("observed", "s0", LegendKey.Area), new("expected", "s1", LegendKey.Line), new($"{PlotWords.Percent(options.Level)} of simulations", "s1", LegendKey.Dashes)],
        };
    }

    /// <summary>The axis of counts, whose last bar stands for more than its own.</summary>
    private static Axis Counts(string name, int bins, int width)
    {
        var axis = Axis.Of(name, new DataRange(-0.5, (bins * width) - 0.5) { IsWhole = true }, 8);
        var (last, step) = ((bins - 1) * width, axis.Ticks[1].Value - axis.Ticks[0].Value);
        return axis with { Ticks = [.. axis.Ticks.Where(tick => tick.Value >= 0 && tick.Value <= last - (0.6 * step)), new(last + (0.5 * (width - 1)), string.Create(CultureInfo.InvariantCulture, $"≥{last}"))] };
    }

    private static double[] Frequencies(double[] counts, int bins, int width)
    {
        var frequencies = new double[bins];
        foreach (var count in counts) frequencies[(int)Math.Min(bins - 1, count / width)]++;
        return frequencies;
    }
}
