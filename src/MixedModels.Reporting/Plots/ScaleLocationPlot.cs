using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>The root of absolute standardised residuals against fitted values: a changing variance shows as a slope.</summary>
public sealed class ScaleLocationPlot : Plot
{
    /// <summary>E√|Z| of a standard normal Z: 2^¼ Γ(¾)/√π.</summary>
    private const double Expected = 0.8222;

    /// <inheritdoc/>
    public override string Name => "scale-location";

    /// <inheritdoc/>
    public override string Summary => "root of absolute residuals against fitted values: does the variance change with the mean";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var x = fit.FittedMeans.ToArray();
        double[] y = [.. fit.StandardizedResiduals.ToArray().Select(value => Math.Sqrt(Math.Abs(value)))];
        var smooth = Smoother.Of(x, y);
        return new()
        {
            Name = Name,
            Title = "Spread of the residuals against fitted values",
            Description = $"The root of {PlotWords.Count(y.Length)} absolute {PlotWords.Residual(fit)}s; the smooth line runs from {PlotWords.Number(smooth.Y[0])} at the smallest to {PlotWords.Number(smooth.Y[^1])} at the largest fitted value.",
            Caption = "A level line is a constant variance; dashed: the height expected of normal residuals." + PlotWords.ResidualCaption(fit),
            Panels =
            [
                new Panel
                {
                    X = Axis.Of(fit.Generalized is null ? $"Fitted value of {fit.Design.ResponseName}" : PlotWords.Response(fit) + ", fitted", DataRange.Of(x), 6),
                    Y = Axis.Of($"√|{PlotWords.Residual(fit)}|", DataRange.Of(y).With(0) with { StartsAtLower = true }),
                    Layers =
                    [
                        new RuleLayer(Expected),
                        new PointLayer(x, y) { Tooltip = i => $"row {fit.Design.Rows.Span[i] + 1}: {PlotWords.Number(y[i])} at {PlotWords.Number(x[i])}" },
                        new LineLayer(smooth.X, smooth.Y) { Style = "s1" },
                    ],
                },
            ],
            Legend = [new("residual", "s0"), new("smooth", "s1", LegendKey.Line)],
        };
    }
}
