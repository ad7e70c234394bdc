using MixedModels.Data;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>Marginal means of a factor with intervals and comparison arrows.</summary>
public sealed class MeansPlot : Plot
{
    /// <summary>The part of the distance between two levels that the means of one level fill, side by side.</summary>
    private const double Room = 0.6;

    /// <summary>About the width of the data region in pixels, and what an arrow beside its mean needs of it.</summary>
    private const double PanelWidth = 600;
    private const double ArrowRoom = 16;

    /// <inheritdoc/>
    public override string Name => "means";

    /// <inheritdoc/>
    public override string Summary => "marginal means of a factor with intervals and comparison arrows";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) =>
        fit.Factors().Count == 0 ? "the fixed part has no factor (mixed plot effect shows covariates)." : null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var (over, by) = Factors(fit, options);
        var table = Table(fit.Fit, over, by, options.Level);
        var shown = table.ToDictionary(mean => mean, mean => OnScale(fit, mean));
        var groups = table.GroupBy(mean => by is null ? "" : mean.Levels[by], StringComparer.Ordinal).Select(group => group.ToArray()).ToArray();
        var names = table.Select(mean => mean.Levels[over]).Distinct(StringComparer.Ordinal).ToArray();
        var step = groups.Length == 1 ? 0 : Room / groups.Length;
        var arrows = groups.Length == 1 || step * PanelWidth / names.Length >= ArrowRoom ? ComparisonArrows.Of(table, options.Level) : null;
        var layers = new List<Layer>();
        for (var g = 0; g < groups.Length; g++)
        {
            var shift = step * (g - (0.5 * (groups.Length - 1)));
            double[] places = [.. groups[g].Select(mean => Array.IndexOf(names, mean.Levels[over]) + shift)];
            layers.AddRange(Group(fit, groups[g], shown, places, FigureStyle.Series(g), arrows, isOneOfSeveral: groups.Length > 1));
        }

        var range = DataRange.Of(shown.Values.SelectMany(mean => new[] { mean.Lower, mean.Upper }))
            .With(DataRange.Of(arrows is null ? [] : table.SelectMany(mean => new[] { fit.MeanOf(mean.Estimate - arrows[mean]), fit.MeanOf(mean.Estimate + arrows[mean]) })));
        return new()
        {
            Name = Name,
            Title = $"Marginal means of {PlotWords.ResponseInSentence(fit)} by {over}{(by is null ? "" : $" and {by}")}",
            Description = "Means: " + string.Join("; ", table.Select(mean => $"{string.Join(' ', mean.Levels.Values)} {PlotWords.Number(shown[mean].Estimate)} ({PlotWords.Number(shown[mean].Lower)} to {PlotWords.Number(shown[mean].Upper)})")) + ".",
            Caption = $"Lines: {PlotWords.Percent(options.Level)} intervals{(fit.Generalized is null ? "" : ", made on the link's scale; groups at random effects of zero")}."
                + (arrows is null ? "" : $" Arrows: two means{(by is null ? "" : " of one colour")} whose arrows do not overlap differ, all pairs taken together (Tukey), as nearly as arrows can say it.")
                + (table.Averaged.Count == 0 ? "" : $" Averaged over or held: {string.Join(", ", table.Averaged)}."),
            Panels = [new Panel { X = Axis.OfCategories(over, names), Y = Axis.Of(PlotWords.Response(fit), range), Layers = layers }],
            Legend = by is null ? [] : [.. groups.Select((group, g) => new LegendEntry(group[0].Levels[by], FigureStyle.Series(g)))],
        };
    }

    /// <summary>
    /// The factors that are shown where none are asked for: two that a term has together, since means over either alone mislead, the one with more levels across; else
    /// the first.
    /// </summary>
    private static (string Over, string? By) Factors(IInspectedFit fit, PlotOptions options)
    {
        var factors = fit.Factors();
        if (options.Over is { } asked) return (asked, options.By);
        if (options.By is { } by) return (factors.FirstOrDefault(own => !string.Equals(own, by, StringComparison.Ordinal)) ?? by, by);
        string[][] pairs = [.. fit.Design.Fixed.Terms
            .Select(term => term.Variables.SelectMany(variable => variable.Sources).Where(own => factors.Contains(own, StringComparer.Ordinal)).Distinct(StringComparer.Ordinal).ToArray())
            .Where(pair => pair.Length == 2)];
        if (pairs.Length == 0) return (factors[0], null);
        var visit = VisitPattern.Of(fit.Fit)?.Visit;
        var pair = Array.Find(pairs, own => own.Contains(visit, StringComparer.Ordinal)) ?? pairs[0];
        int Levels(string name) => ((FactorColumn)fit.Design.Data[name]).Levels.Count;
        var isSecondAcross = string.Equals(pair[1], visit, StringComparison.Ordinal) || (!string.Equals(pair[0], visit, StringComparison.Ordinal) && Levels(pair[1]) > Levels(pair[0]));
        return isSecondAcross ? (pair[1], pair[0]) : (pair[0], pair[1]);
    }

    private static IEnumerable<Layer> Group(
        IInspectedFit fit, MarginalMean[] group, Dictionary<MarginalMean, (double Estimate, double Lower, double Upper)> shown, double[] places, string style, IReadOnlyDictionary<MarginalMean, double>? arrows, bool isOneOfSeveral)
    {
        var own = group.Select(mean => shown[mean]).ToArray();
        double[] estimates = [.. own.Select(mean => mean.Estimate)];
        if (isOneOfSeveral) yield return new LineLayer(places, estimates) { Style = style, Width = 1, Opacity = 0.5 };
        yield return new IntervalLayer(places, estimates, [.. own.Select(mean => mean.Lower)], [.. own.Select(mean => mean.Upper)])
        {
            Style = style,
            IsUpright = true,
            Radius = 4,
            Tooltip = k => $"{string.Join(' ', group[k].Levels.Values)}: {PlotWords.Number(own[k].Estimate)} ({PlotWords.Number(own[k].Lower)} to {PlotWords.Number(own[k].Upper)})",
        };
        if (arrows is not null)
            yield return new ArrowLayer(places, [.. group.Select(mean => fit.MeanOf(mean.Estimate - arrows[mean]))], [.. group.Select(mean => fit.MeanOf(mean.Estimate + arrows[mean]))]) { Style = style };
    }

    /// <summary>A mean of the link's scale on that of the response; a link may turn the ends round.</summary>
    private static (double Estimate, double Lower, double Upper) OnScale(IInspectedFit fit, MarginalMean mean)
    {
        var (low, high) = (fit.MeanOf(mean.Lower), fit.MeanOf(mean.Upper));
        return (fit.MeanOf(mean.Estimate), Math.Min(low, high), Math.Max(low, high));
    }

    private static MarginalMeanTable Table(IMixedModelFit fit, string over, string? by, double level)
    {
        try
        {
            return fit.MarginalMeans([over], by is null ? [] : [by], new() { Level = level });
        }
        catch (InferenceException failure)
        {
            throw new PlotException(failure.Message);
        }
    }
}
