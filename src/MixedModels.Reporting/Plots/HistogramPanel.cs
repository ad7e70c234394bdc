using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>A panel with the distribution of simulated numbers and where the one of interest stands among them.</summary>
internal static class HistogramPanel
{
    /// <summary>The panel.</summary>
    /// <param name="title">What stands above it.</param>
    /// <param name="values">The numbers, at least one.</param>
    /// <param name="own">The one of interest, an upright line.</param>
    /// <param name="place">The panel's place in a row; the first names the vertical axis.</param>
    /// <param name="style">The colour of the line; null for that of rules.</param>
    public static Panel Of(string title, IReadOnlyList<double> values, double own, int place, string? style = null)
    {
        var (least, most) = (values.Min(), values.Max());
        var bins = Math.Clamp((int)Math.Ceiling(2 * Math.Cbrt(values.Count)), 5, 30); // Rice's rule
        var width = most > least ? (most - least) / bins : 1;
        var counts = new double[bins];
        foreach (var value in values) counts[Math.Min(bins - 1, (int)((value - least) / width))]++;
        double[] left = [.. Enumerable.Range(0, bins).Select(k => least + (k * width))];
        return new()
        {
            Title = title,
            X = Axis.Of("", new DataRange(least, most).With(own), 3),
            Y = Axis.Of(place % 3 == 0 ? "replicates" : "", DataRange.Of(counts).With(0) with { StartsAtLower = true }, 3),
            Layers =
            [
                new BarLayer(left, [.. left.Select(edge => edge + width)], [.. counts.Select(_ => 0.0)], counts) { Tooltip = k => $"{PlotWords.Number(left[k])} to {PlotWords.Number(left[k] + width)}: {counts[k]}" },
                new RuleLayer(own) { IsUpright = true, Style = style ?? "s0" },
            ],
        };
    }
}
