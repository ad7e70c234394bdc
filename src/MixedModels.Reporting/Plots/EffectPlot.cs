using MixedModels.Data;
using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>The mean over a covariate with a band, and partial residuals: the curve moved by what the rows say given the random effects.</summary>
/// <remarks>
/// A partial residual is the curve's predictor plus one step of Fisher scoring, Σ l'/Σ W with l' the derivative of a row's log-density and W its
/// expected weight, carried to the response's scale. Of a linear model a dot is a row and the step its residual; of others the rows are taken together by
/// order of the covariate, since single zeros and ones say nothing.
/// </remarks>
public sealed class EffectPlot : Plot
{
    private const int Points = 40;

    /// <summary>Rows that a dot of a generalized model stands for, at least; and dots a curve, at most.</summary>
    private const int LeastRows = 8;
    private const int MostDots = 20;

    /// <inheritdoc/>
    public override string Name => "effect";

    /// <inheritdoc/>
    public override string Summary => "the mean over a covariate with a confidence band and partial residuals";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) =>
        fit.Covariates().Count == 0 ? "the fixed part has no covariate (mixed plot means shows factors)." : null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var covariate = options.Over ?? fit.Covariates()[0];
        var by = options.By ?? Partner(fit, covariate);
        var curves = Curves(fit.Fit, covariate, by, options.Level).GroupBy(point => point.Level, StringComparer.Ordinal).Select(curve => curve.ToArray()).ToArray();
        var x = ((NumericColumn)fit.Design.Data[covariate]).Values;
        var factor = by is null ? null : (FactorColumn)fit.Design.Data[by];
        var rows = fit.Design.Rows.ToArray();
        var layers = new List<Layer>();
        double Mean(double eta) => fit.MeanOf(eta);
        var range = DataRange.Of(curves.SelectMany(curve => curve.SelectMany(point => new[] { Mean(point.Lower), Mean(point.Upper) })));
        for (var c = 0; c < curves.Length; c++)
        {
            var (curve, style) = (curves[c], FigureStyle.Series(c));
            var own = Enumerable.Range(0, rows.Length).Where(r => factor is null || string.Equals(factor.Levels[factor.Codes.Span[rows[r]]], curve[0].Level, StringComparison.Ordinal)).OrderBy(r => x.Span[rows[r]]).ToArray();
            var dots = Bins(fit, own).Select(bin => (X: bin.Average(r => x.Span[rows[r]]), Step: Step(fit, bin))).ToArray();
            double[] heights = [.. dots.Select(dot => Mean(At(curve, dot.X) + dot.Step))];
            range = range.With(DataRange.Of(heights));
            layers.Insert(0, fit.Generalized is null
                ? new PointLayer([.. dots.Select(dot => dot.X)], heights) { Style = style, Radius = 2, Opacity = 0.35 }
                : new PointLayer([.. dots.Select(dot => dot.X)], heights) { Style = style });
            layers.Add(new BandLayer([.. curve.Select(point => point.Value)], [.. curve.Select(point => Mean(point.Lower))], [.. curve.Select(point => Mean(point.Upper))]) { Style = style });
            layers.Add(new LineLayer([.. curve.Select(point => point.Value)], [.. curve.Select(point => Mean(point.Estimate))]) { Style = style, Width = 2.2, Tooltip = curve[0].Level });
        }

        return new()
        {
            Name = Name,
            Title = $"{PlotWords.Response(fit)} by {covariate}{(by is null ? "" : $" and {by}")}",
            Description = string.Join(' ', curves.Select(curve => $"{(curve[0].Level is { } level ? $"{level}: from" : "From")} {PlotWords.Number(Mean(curve[0].Estimate))} at {covariate} {PlotWords.Number(curve[0].Value)} to {PlotWords.Number(Mean(curve[^1].Estimate))} at {PlotWords.Number(curve[^1].Value)}."))
                + " Other covariates are at their mean, other factors averaged.",
            Caption = $"Lines: means by the fixed effects. Bands: {PlotWords.Percent(options.Level)} intervals, value by value. Dots: {(fit.Generalized is null ? "the line plus each row's residual given the random effects." : "the line moved by what rows of neighbouring values, taken together, say given the random effects. Random effects are at zero.")}",
            Panels = [new Panel { X = Axis.Of(covariate, DataRange.Of(curves[0].Select(point => point.Value)), 6), Y = Axis.Of(PlotWords.Response(fit), range), Layers = layers }],
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

    private static IReadOnlyList<EffectPoint> Curves(IMixedModelFit fit, string covariate, string? by, double level)
    {
        try
        {
            return fit.EffectOf(covariate, by, Points, level, PredictionScale.Link);
        }
        catch (InferenceException failure)
        {
            throw new PlotException(failure.Message);
        }
    }

    /// <summary>The rows that a dot stands for: one of a linear model, else neighbours in number.</summary>
    private static IEnumerable<int[]> Bins(IInspectedFit fit, int[] ordered) =>
        fit.Generalized is null ? ordered.Chunk(1) : ordered.Chunk(Math.Max(LeastRows, (ordered.Length + MostDots - 1) / MostDots));

    /// <summary>How far the rows would move the predictor, by one step of Fisher scoring.</summary>
    private static double Step(IInspectedFit fit, int[] rows)
    {
        var scores = rows.Select(r => fit.ScoreOf(r, fit.LinearPredictors.Span[r])).ToArray();
        var weight = scores.Sum(score => score.Weight);
        return weight > 0 ? scores.Sum(score => score.Slope) / weight : 0;
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
