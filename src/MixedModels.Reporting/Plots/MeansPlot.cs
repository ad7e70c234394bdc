using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>Marginal means of a factor with intervals and comparison arrows.</summary>
public sealed class MeansPlot : Plot
{
    /// <inheritdoc/>
    public override string Name => "means";

    /// <inheritdoc/>
    public override string Summary => "marginal means of a factor with intervals and comparison arrows";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) =>
        fit.Linear is null ? "marginal means are drawn for linear models only." : fit.Factors().Count == 0 ? "the fixed part has no factor (mixed plot effect shows covariates)." : null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var over = options.Over ?? fit.Factors()[0];
        var table = Table(fit.Linear!, over, options);
        var groups = table.GroupBy(mean => options.By is null ? "" : mean.Levels[options.By], StringComparer.Ordinal).Select(group => group.ToArray()).ToArray();
        var arrows = ComparisonArrows.Of(table, options.Level);
        var names = table.Select(mean => mean.Levels[over]).Distinct(StringComparer.Ordinal).ToArray();
        var layers = new List<Layer>();
        for (var g = 0; g < groups.Length; g++)
        {
            var (group, style) = (groups[g], FigureStyle.Series(g));
            var shift = groups.Length == 1 ? 0 : 0.5 * ((g + 0.5) / groups.Length - 0.5);
            double[] places = [.. group.Select(mean => Array.IndexOf(names, mean.Levels[over]) + shift)];
            double[] estimates = [.. group.Select(mean => mean.Estimate)];
            layers.Add(new IntervalLayer(places, estimates, [.. group.Select(mean => mean.Lower)], [.. group.Select(mean => mean.Upper)])
            {
                Style = style,
                IsUpright = true,
                Radius = 4,
                Tooltip = k => $"{group[k].Levels[over]}: {PlotWords.Number(group[k].Estimate)} ({PlotWords.Number(group[k].Lower)} to {PlotWords.Number(group[k].Upper)})",
            });
            if (arrows is null) continue;
            double[] reach = [.. group.Select(mean => arrows[mean])];
            layers.Add(new ArrowLayer(places, estimates, reach) { Style = style });
        }

        return new()
        {
            Name = Name,
            Title = $"Marginal means of {fit.Design.ResponseName} by {over}{(options.By is null ? "" : $" and {options.By}")}",
            Description = string.Join("; ", table.Select(mean => $"{string.Join(' ', mean.Levels.Values)} {PlotWords.Number(mean.Estimate)} ({PlotWords.Number(mean.Lower)} to {PlotWords.Number(mean.Upper)})")) + ".",
            Caption = $"Lines: {PlotWords.Percent(options.Level)} intervals." + (arrows is null ? "" : " Arrows: two means whose arrows do not overlap differ, all pairs taken together (Tukey), as nearly as arrows can say it.")
                + (table.Averaged.Count == 0 ? "" : $" Averaged over or held: {string.Join(", ", table.Averaged)}."),
            Panels = [new Panel { X = Axis.OfCategories(over, names), Y = Axis.Of(fit.Design.ResponseName, DataRange.Of(table.SelectMany(mean => new[] { mean.Lower, mean.Upper }))), Layers = layers }],
            Legend = options.By is null ? [] : [.. groups.Select((group, g) => new LegendEntry(group[0].Levels[options.By], FigureStyle.Series(g)))],
        };
    }

    private static MarginalMeanTable Table(LinearMixedModelFit fit, string over, PlotOptions options)
    {
        try
        {
            return fit.MarginalMeans(over, options.By, new() { Level = options.Level });
        }
        catch (InferenceException failure)
        {
            throw new PlotException(failure.Message);
        }
    }
}
