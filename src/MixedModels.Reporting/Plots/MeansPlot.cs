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
        fit.Factors().Count == 0 ? "the fixed part has no factor (mixed plot effect shows covariates)." : null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var over = options.Over ?? fit.Factors()[0];
        var table = Table(fit.Fit, over, options);
        var shown = table.ToDictionary(mean => mean, mean => OnScale(fit, mean));
        var groups = table.GroupBy(mean => options.By is null ? "" : mean.Levels[options.By], StringComparer.Ordinal).Select(group => group.ToArray()).ToArray();
        var arrows = ComparisonArrows.Of(table, options.Level);
        var names = table.Select(mean => mean.Levels[over]).Distinct(StringComparer.Ordinal).ToArray();
        var layers = new List<Layer>();
        for (var g = 0; g < groups.Length; g++)
        {
            var (group, style) = (groups[g], FigureStyle.Series(g));
            var shift = groups.Length == 1 ? 0 : 0.5 * ((g + 0.5) / groups.Length - 0.5);
            double[] places = [.. group.Select(mean => Array.IndexOf(names, mean.Levels[over]) + shift)];
            var own = group.Select(mean => shown[mean]).ToArray();
            layers.Add(new IntervalLayer(places, [.. own.Select(mean => mean.Estimate)], [.. own.Select(mean => mean.Lower)], [.. own.Select(mean => mean.Upper)])
            {
                Style = style,
                IsUpright = true,
                Radius = 4,
                Tooltip = k => $"{group[k].Levels[over]}: {PlotWords.Number(own[k].Estimate)} ({PlotWords.Number(own[k].Lower)} to {PlotWords.Number(own[k].Upper)})",
            });
            if (arrows is null) continue;
            layers.Add(new ArrowLayer(places, [.. group.Select(mean => fit.MeanOf(mean.Estimate - arrows[mean]))], [.. group.Select(mean => fit.MeanOf(mean.Estimate + arrows[mean]))]) { Style = style });
        }

        return new()
        {
            Name = Name,
            Title = $"Marginal means of {PlotWords.ResponseInSentence(fit)} by {over}{(options.By is null ? "" : $" and {options.By}")}",
            Description = string.Join("; ", table.Select(mean => $"{string.Join(' ', mean.Levels.Values)} {PlotWords.Number(shown[mean].Estimate)} ({PlotWords.Number(shown[mean].Lower)} to {PlotWords.Number(shown[mean].Upper)})")) + ".",
            Caption = $"Lines: {PlotWords.Percent(options.Level)} intervals{(fit.Generalized is null ? "" : ", made on the link's scale; groups at random effects of zero")}." + (arrows is null ? "" : " Arrows: two means whose arrows do not overlap differ, all pairs taken together (Tukey), as nearly as arrows can say it.")
                + (table.Averaged.Count == 0 ? "" : $" Averaged over or held: {string.Join(", ", table.Averaged)}."),
            Panels = [new Panel { X = Axis.OfCategories(over, names), Y = Axis.Of(PlotWords.Response(fit), DataRange.Of(shown.Values.SelectMany(mean => new[] { mean.Lower, mean.Upper }))), Layers = layers }],
            Legend = options.By is null ? [] : [.. groups.Select((group, g) => new LegendEntry(group[0].Levels[options.By], FigureStyle.Series(g)))],
        };
    }

    /// <summary>A mean of the link's scale on that of the response; a link may turn the ends round.</summary>
    private static (double Estimate, double Lower, double Upper) OnScale(IInspectedFit fit, MarginalMean mean)
    {
        var (low, high) = (fit.MeanOf(mean.Lower), fit.MeanOf(mean.Upper));
        return (fit.MeanOf(mean.Estimate), Math.Min(low, high), Math.Max(low, high));
    }

    private static MarginalMeanTable Table(IMixedModelFit fit, string over, PlotOptions options)
    {
        try
        {
            return fit.MarginalMeans([over], options.By is null ? [] : [options.By], new() { Level = options.Level });
        }
        catch (InferenceException failure)
        {
            throw new PlotException(failure.Message);
        }
    }
}
