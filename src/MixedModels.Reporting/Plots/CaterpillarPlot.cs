using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>The conditional modes of one random term, a row a level in the order of the first effect, each with its interval.</summary>
/// <remarks>Interval: mode ± normal quantile × conditional standard deviation given the estimated variances; it is about one level, not about differences.</remarks>
public sealed class CaterpillarPlot : Plot
{
    /// <summary>The height of a row with its name in pixels; rows of many levels are lower and only some are named.</summary>
    private const double RowHeight = 14;
    private const double TallestPanel = 900;

    /// <inheritdoc/>
    public override string Name => "caterpillar";

    /// <inheritdoc/>
    public override string Summary => "conditional modes of the random effects with intervals, a row a level";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => PlotWords.NeedsRandomTerm(fit);

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var term = fit.ConditionalModes()[PlotWords.Term(fit, options.Group)];
        int[] order = [.. Enumerable.Range(0, term.Levels.Count).OrderBy(level => term.Modes[level, 0]).ThenBy(level => level)];
        var height = Math.Clamp(order.Length * RowHeight, 120, TallestPanel);
        string[] names = [.. order.Select(level => term.Levels[level])];
        var y = Axis.OfCategories("", names);
        var z = NormalQuantiles.TwoSided(options.Level);
        return new()
        {
            Name = Name,
            Title = $"Conditional modes of {term.Group}",
            Description = Describe(term, order, z),
            Caption = $"Lines: {PlotWords.Percent(options.Level)} intervals given the estimated variances. They are for reading one level at a time; whether two levels differ cannot be read off their overlap.{PlotWords.Named(y, height)}",
            Panels = [.. term.ColumnNames.Select((name, effect) => EffectPanel(term, name, effect, order, y, z, height))],
            Columns = Math.Min(3, term.ColumnNames.Count),
            PanelHeight = height,
        };
    }

    private static Panel EffectPanel(ConditionalModes term, string name, int effect, int[] order, Axis y, double z, double height)
    {
        double[] modes = [.. order.Select(level => term.Modes[level, effect])];
        double[] lower = [.. order.Select((level, row) => modes[row] - (z * term.StandardDeviations[level, effect]))];
        double[] upper = [.. order.Select((level, row) => modes[row] + (z * term.StandardDeviations[level, effect]))];
        var pitch = height / order.Length;
        return new()
        {
            Title = name,
            X = Axis.Of("", DataRange.Of(lower.Concat(upper)).With(0), 4),
            Y = y,
            SharesY = effect % 3 != 0,
            Layers =
            [
                new RuleLayer(0) { IsUpright = true },
                new IntervalLayer([.. Enumerable.Range(0, order.Length).Select(row => (double)row)], modes, lower, upper)
                {
                    Radius = Math.Clamp(pitch / 4, 1, 3.2),
                    Width = Math.Clamp(pitch / 5, 0.6, 1.6),
                    Opacity = pitch < RowHeight / 2 ? 0.45 : 1,
                    Tooltip = row => $"{term.Levels[order[row]]}: {PlotWords.Number(modes[row])} ({PlotWords.Number(lower[row])} to {PlotWords.Number(upper[row])})",
                },
            ],
        };
    }

    private static string Describe(ConditionalModes term, int[] order, double z)
    {
        var away = order.Count(level => Math.Abs(term.Modes[level, 0]) > z * term.StandardDeviations[level, 0]);
        return $"{PlotWords.Count(order.Length)} levels of {term.Group} in the order of {term.ColumnNames[0]}, from {term.Levels[order[0]]} ({PlotWords.Number(term.Modes[order[0], 0])}) "
            + $"to {term.Levels[order[^1]]} ({PlotWords.Number(term.Modes[order[^1], 0])}). The interval of {PlotWords.Count(away)} of them leaves zero out.";
    }
}
