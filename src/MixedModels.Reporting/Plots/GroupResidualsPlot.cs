using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>The residuals of each level of a group: median, quartiles and range, in the order of the medians.</summary>
public sealed class GroupResidualsPlot : Plot
{
    private const double RowHeight = 14;
    private const double TallestPanel = 900;

    /// <inheritdoc/>
    public override string Name => "residuals-by-group";

    /// <inheritdoc/>
    public override string Summary => "standardised residuals of each level of a group";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => PlotGroups.WhyNone(fit);

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var group = PlotGroups.Find(fit, options.Group);
        var residuals = fit.StandardizedResiduals.ToArray();
        var levels = Enumerable.Range(0, group.Levels.Count).Select(_ => new List<double>()).ToArray();
        for (var r = 0; r < residuals.Length; r++) levels[group.LevelOfRow.Span[r]].Add(residuals[r]);
        foreach (var level in levels) level.Sort();
        int[] order = [.. Enumerable.Range(0, levels.Length).OrderBy(level => Quantile(levels[level], 0.5)).ThenBy(level => level)];
        double[] At(double share) => [.. order.Select(level => Quantile(levels[level], share))];
        var (low, first, middle, third, high) = (At(0), At(0.25), At(0.5), At(0.75), At(1));
        double[] rows = [.. Enumerable.Range(0, order.Length).Select(row => (double)row)];
        var height = Math.Clamp(order.Length * RowHeight, 120, TallestPanel);
        var pitch = height / order.Length;
        var names = Axis.OfCategories("", [.. order.Select(level => group.Levels[level])]);
        var widest = order.MaxBy(level => Quantile(levels[level], 0.75) - Quantile(levels[level], 0.25));
        return new()
        {
            Name = Name,
            Title = $"Residuals by {group.Name}",
            Description = $"{PlotWords.ResidualLabel(fit)}s of {PlotWords.Count(order.Length)} levels in the order of their medians, from {PlotWords.Number(middle[0])} ({group.Levels[order[0]]}) to {PlotWords.Number(middle[^1])} ({group.Levels[order[^1]]}); those of {group.Levels[widest]} spread most.",
            Caption = "Dot: median. Thick line: middle half. Thin line: range." + PlotWords.Named(names, height) + PlotWords.ResidualCaption(fit),
            Panels =
            [
                new Panel
                {
                    X = Axis.Of(PlotWords.ResidualLabel(fit), DataRange.Of(low.Concat(high)), 6),
                    Y = names,
                    Layers =
                    [
                        new RuleLayer(0) { IsUpright = true },
                        new IntervalLayer(rows, middle, low, high) { Radius = 0, Width = Math.Clamp(pitch / 12, 0.4, 1), Opacity = pitch < RowHeight / 2 ? 0.45 : 1 },
                        new IntervalLayer(rows, middle, first, third)
                        {
                            Radius = Math.Clamp(pitch / 3.4, 1, 3.6),
                            Width = Math.Clamp(pitch / 3, 0.8, 3.4),
                            Tooltip = row => $"{group.Levels[order[row]]}: median {PlotWords.Number(middle[row])}, middle half {PlotWords.Number(first[row])} to {PlotWords.Number(third[row])}, {levels[order[row]].Count} rows",
                        },
                    ],
                },
            ],
            PanelHeight = height,
        };
    }

    private static double Quantile(List<double> sorted, double share)
    {
        var place = share * (sorted.Count - 1);
        var below = (int)place;
        return sorted[below] + ((place - below) * (sorted[Math.Min(below + 1, sorted.Count - 1)] - sorted[below]));
    }
}
