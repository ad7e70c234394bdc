using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>Standardised residuals against fitted values, with a smooth line through them.</summary>
public sealed class ResidualsPlot : Plot
{
    /// <inheritdoc/>
    public override string Name => "residuals";

    /// <inheritdoc/>
    public override string Summary => "standardised residuals against fitted values";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var (x, y) = (fit.FittedMeans.ToArray(), fit.StandardizedResiduals.ToArray());
        var smooth = Smoother.Of(x, y);
        var far = y.Count(value => Math.Abs(value) > 3);
        return new()
        {
            Name = Name,
            Title = "Residuals against fitted values",
            Description = $"{PlotWords.Count(y.Length)} {PlotWords.Residual(fit)}s, {PlotWords.Count(far)} of them beyond ±3. The smooth line runs between {PlotWords.Number(smooth.Y.Min())} and {PlotWords.Number(smooth.Y.Max())}.",
            Caption = "A line that bends away from zero is a shape the model misses; a fan is a variance that changes with the mean. With few rows a group, shrinkage tilts the line upwards in a right model too." + PlotWords.ResidualCaption(fit),
            Panels =
            [
                new Panel
                {
                    X = Axis.Of(fit.Generalized is null ? $"Fitted value of {fit.Design.ResponseName}" : PlotWords.Response(fit) + ", fitted", DataRange.Of(x), 6),
                    Y = Axis.Of(PlotWords.ResidualLabel(fit), DataRange.Of(y).With(-2).With(2)),
                    Layers =
                    [
                        new RuleLayer(0),
                        new PointLayer(x, y) { Tooltip = i => $"row {fit.Design.Rows.Span[i] + 1}: {PlotWords.Number(y[i])} at {PlotWords.Number(x[i])}" },
                        new LineLayer(smooth.X, smooth.Y) { Style = "s1" },
                    ],
                },
            ],
            Legend = [new("residual", "s0"), new("smooth", "s1", LegendKey.Line)],
        };
    }
}
