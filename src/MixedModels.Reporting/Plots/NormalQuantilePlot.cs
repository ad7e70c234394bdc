using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>Standardised residuals in order against normal quantiles, with a band that holds as a whole.</summary>
public sealed class NormalQuantilePlot : Plot
{
    /// <inheritdoc/>
    public override string Name => "qq";

    /// <inheritdoc/>
    public override string Summary => "normal quantile plot of the residuals with a simultaneous band";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => QuantilePanel.WhyNot(fit.StandardizedResiduals.Span, "residuals");

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var quantiles = NormalQuantiles.Of(fit.StandardizedResiduals.Span);
        return new()
        {
            Name = Name,
            Title = "Normal quantiles of the residuals",
            Description = QuantilePanel.Describe(quantiles, $"{PlotWords.Count(quantiles.Values.Count)} {PlotWords.Residual(fit)}s"),
            Caption = QuantilePanel.Caption + PlotWords.ResidualCaption(fit),
            Panels = [QuantilePanel.Of(quantiles, "", PlotWords.ResidualLabel(fit), place => $"row {fit.Design.Rows.Span[place] + 1}")],
        };
    }
}
