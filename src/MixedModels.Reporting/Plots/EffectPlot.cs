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

    /// <summary>The part of the distance between values that columns of dots fill, on either side; and the dots of a curve that are few.</summary>
    private const double Column = 0.2;
    private const int FewDots = 200;

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
        double[] x = [.. fit.Design.Rows.ToArray().Select(row => ((NumericColumn)fit.Design.Data[covariate]).Values.Span[row])];
        var gap = fit.Generalized is null ? Spread.Gap(x) : 0;
        Drawn[] drawn = [.. curves.Select((curve, c) => Draw(fit, curve, RowsOf(fit, by, curve[0].Level), x, gap, (c, curves.Length)))];
        var places = drawn.Aggregate(DataRange.Of(x), (range, one) => range.With(DataRange.Of(one.Cloud.X) with { IsWhole = true }));
        var heights = drawn.Aggregate(DataRange.Empty, (range, one) => range.With(DataRange.Of(one.Band.Lower.Concat(one.Band.Upper).Concat(one.Cloud.Y))));
        return new()
        {
            Name = Name,
            Title = $"{PlotWords.Response(fit)} by {covariate}{(by is null ? "" : $" and {by}")}",
            Description = string.Join(' ', curves.Select(curve => Describe(fit, curve, covariate))) + " Other covariates are at their mean, other factors averaged.",
            Caption = $"Lines: means by the fixed effects. Bands: {PlotWords.Percent(options.Level)} intervals, value by value. Dots: "
                + (fit.Generalized is null ? "the line plus each row's residual given the random effects." : "the line moved by what rows of neighbouring values, taken together, say given the random effects. Random effects are at zero.")
                + (gap > 0 ? " Dots of one value are spread sideways." : ""),
            Panels = [new Panel { X = Axis.Of(covariate, places, 6), Y = Axis.Of(PlotWords.Response(fit), heights), Layers = [.. drawn.Select(one => one.Band), .. drawn.Select(one => one.Cloud), .. drawn.Select(one => one.Line)] }],
            PanelHeight = 330,
            Legend = by is null ? [] : [.. curves.Select((curve, c) => LegendEntry.OfLine(curve[0].Level!, c))],
        };
    }

    /// <summary>What is drawn of one curve.</summary>
    private sealed record Drawn(BandLayer Band, PointLayer Cloud, LineLayer Line);

    private static Drawn Draw(IInspectedFit fit, EffectPoint[] curve, int[] rows, double[] x, double gap, (int Index, int Count) place)
    {
        var style = FigureStyle.Series(place.Index);
        double[] values = [.. curve.Select(point => point.Value)];
        double[] On(Func<EffectPoint, double> read) => [.. curve.Select(point => fit.MeanOf(read(point)))];
        var dots = Bins(fit, [.. rows.OrderBy(r => x[r])]).Select(bin => (X: bin.Average(r => x[r]), Step: Step(fit, bin))).ToArray();

        // Where values repeat each curve has a column of its own beside the value, and its dots stand apart in it.
        var half = gap * Column / place.Count;
        double[] places = [.. dots.Select((dot, i) => dot.X + (((2 * place.Index) - place.Count + 1) * half) + Spread.Of(i, 0.8 * half))];
        var cloud = new PointLayer(places, [.. dots.Select(dot => fit.MeanOf(At(curve, dot.X) + dot.Step))]) { Style = style };
        return new(
            new(values, On(point => point.Lower), On(point => point.Upper)) { Style = style, HasEdges = place.Count > 1, Opacity = Math.Min(0.18, 0.54 / place.Count) },
            fit.Generalized is null ? cloud with { Radius = 2, Opacity = dots.Length < FewDots ? 0.75 : 0.5 } : cloud,
            new(values, On(point => point.Estimate)) { Style = style, Width = 2.2, IsDashed = FigureStyle.IsRepeated(place.Index), Tooltip = curve[0].Level });
    }

    private static string Describe(IInspectedFit fit, EffectPoint[] curve, string covariate)
    {
        string Mean(EffectPoint point) => PlotWords.Number(fit.MeanOf(point.Estimate));
        var (first, last) = (curve[0], curve[^1]);
        return $"{(first.Level is { } level ? $"{level}: from" : "From")} {Mean(first)} at {covariate} {PlotWords.Number(first.Value)} to {Mean(last)} at {PlotWords.Number(last.Value)}.";
    }

    /// <summary>The rows of a level of the factor that splits the figure; all without one.</summary>
    private static int[] RowsOf(IInspectedFit fit, string? by, string? level)
    {
        var rows = Enumerable.Range(0, fit.Design.Observations);
        if (by is null) return [.. rows];
        var factor = (FactorColumn)fit.Design.Data[by];
        var table = fit.Design.Rows.ToArray();
        return [.. rows.Where(r => string.Equals(factor.Levels[factor.Codes.Span[table[r]]], level, StringComparison.Ordinal))];
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
