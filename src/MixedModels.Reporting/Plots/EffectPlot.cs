using MixedModels.Data;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>The mean over a covariate with a band, and partial residuals: the curve plus each row's residual given the random effects.</summary>
public sealed class EffectPlot : Plot
{
    private const int Points = 40;

    /// <inheritdoc/>
    public override string Name => "effect";

    /// <inheritdoc/>
    public override string Summary => "the mean over a covariate with a confidence band and partial residuals";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) =>
        fit.Linear is null ? "curves with bands are drawn for linear models only." : fit.Covariates().Count == 0 ? "the fixed part has no covariate (mixed plot means shows factors)." : null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var covariate = options.Over ?? fit.Covariates()[0];
        var by = options.By ?? Partner(fit, covariate);
        var points = Curves(fit.Linear!, covariate, by, options.Level);
        var curves = points.GroupBy(point => point.Level, StringComparer.Ordinal).Select(curve => curve.ToArray()).ToArray();
        var x = ((NumericColumn)fit.Design.Data[covariate]).Values;
        var factor = by is null ? null : (FactorColumn)fit.Design.Data[by];
        var rows = fit.Design.Rows.ToArray();
        var layers = new List<Layer>();
        var range = DataRange.Of(points.SelectMany(point => new[] { point.Lower, point.Upper }));
        for (var c = 0; c < curves.Length; c++)
        {
            var (curve, style) = (curves[c], FigureStyle.Series(c));
            int[] own = [.. Enumerable.Range(0, rows.Length).Where(r => factor is null || string.Equals(factor.Levels[factor.Codes.Span[rows[r]]], curve[0].Level, StringComparison.Ordinal))];
            double[] places = [.. own.Select(r => x.Span[rows[r]])];
            double[] heights = [.. own.Select((r, k) => At(curve, places[k]) + fit.Design.Response.Span[r] - fit.FittedMeans.Span[r])];
            range = range.With(DataRange.Of(heights));
            layers.Insert(0, new PointLayer(places, heights) { Style = style, Radius = 2, Opacity = 0.35 });
            layers.Add(new BandLayer([.. curve.Select(point => point.Value)], [.. curve.Select(point => point.Lower)], [.. curve.Select(point => point.Upper)]) { Style = style });
            layers.Add(new LineLayer([.. curve.Select(point => point.Value)], [.. curve.Select(point => point.Estimate)]) { Style = style, Width = 2.2, Tooltip = curve[0].Level });
        }

        return new()
        {
            Name = Name,
            Title = $"{fit.Design.ResponseName} by {covariate}{(by is null ? "" : $" and {by}")}",
            Description = string.Join(' ', curves.Select(curve => $"{(curve[0].Level is { } level ? $"{level}: " : "")}from {PlotWords.Number(curve[0].Estimate)} at {covariate} {PlotWords.Number(curve[0].Value)} to {PlotWords.Number(curve[^1].Estimate)} at {PlotWords.Number(curve[^1].Value)}."))
                + " Other covariates are at their mean, other factors averaged.",
            Caption = $"Lines: means by the fixed effects. Bands: {PlotWords.Percent(options.Level)} intervals, value by value. Dots: the line plus each row's residual given the random effects.",
            Panels = [new Panel { X = Axis.Of(covariate, DataRange.Of(points.Select(point => point.Value)), 6), Y = Axis.Of(fit.Design.ResponseName, range), Layers = layers }],
            PanelHeight = 330,
            Legend = by is null ? [] : [.. curves.Select((curve, c) => new LegendEntry(curve[0].Level!, FigureStyle.Series(c), LegendKey.Line))],
        };
    }

    /// <summary>The first factor that a term has together with the covariate.</summary>
    private static string? Partner(IInspectedFit fit, string covariate)
    {
        var factors = fit.Factors();
        return fit.Design.Fixed.Terms
            .Where(term => term.Variables.Any(variable => variable.Sources.Contains(covariate, StringComparer.Ordinal)))
            .SelectMany(term => term.Variables).SelectMany(variable => variable.Sources)
            .FirstOrDefault(source => factors.Contains(source, StringComparer.Ordinal));
    }

    private static IReadOnlyList<EffectPoint> Curves(LinearMixedModelFit fit, string covariate, string? by, double level)
    {
        try
        {
            return fit.EffectOf(covariate, by, Points, level);
        }
        catch (InferenceException failure)
        {
            throw new PlotException(failure.Message);
        }
    }

    private static double At(EffectPoint[] curve, double x)
    {
        var step = (curve[^1].Value - curve[0].Value) / (curve.Length - 1);
        if (!(step > 0)) return curve[0].Estimate;
        var place = Math.Clamp((x - curve[0].Value) / step, 0, curve.Length - 1);
        var below = Math.Min((int)place, curve.Length - 2);
        return curve[below].Estimate + ((place - below) * (curve[below + 1].Estimate - curve[below].Estimate));
    }
}
