using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Figures.Layers;

namespace MixedModels.Reporting.Plots;

/// <summary>Simulated residuals: against uniform quantiles, and against the rank of the fitted value.</summary>
public sealed class SimulatedResidualsPlot : Plot
{
    private const int MostQuantiles = 400;

    /// <inheritdoc/>
    public override string Name => "simulated";

    /// <inheritdoc/>
    public override string Summary => "where responses stand among responses simulated from the fit";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var residuals = PlotWords.Simulated(fit, options, isConditional: false, cancellationToken);
        var values = residuals.Values.ToArray();
        double[] sorted = [.. values.Order()];
        int[] shown = [.. Enumerable.Range(0, Math.Min(sorted.Length, MostQuantiles)).Select(k => (int)((long)k * sorted.Length / Math.Min(sorted.Length, MostQuantiles)))];
        var ranks = new double[values.Length];
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(r => fit.PopulationMeans.Span[r]).ThenBy(r => r)];
        for (var k = 0; k < order.Length; k++) ranks[order[k]] = (k + 0.5) / order.Length;
        var smooth = Smoother.Of(ranks, values);
        var unit = new DataRange(0, 1);
        return new()
        {
            Name = Name,
            Title = "Responses among simulated responses",
            Description = $"{PlotWords.Count(values.Length)} residuals from {residuals.Replicates} simulations with random effects drawn anew. Misplaced: {PlotWords.Percent(Math.Round(residuals.UniformityDistance, 3))} (p = {PlotWords.Number(residuals.UniformityPValue)}); "
                + $"variance ratio {PlotWords.Number(residuals.DispersionRatio)} (p = {PlotWords.Number(residuals.DispersionPValue)}); outside all simulations: {residuals.OutlierCount}, expected {PlotWords.Number(residuals.ExpectedOutliers)} (p = {PlotWords.Number(residuals.OutlierPValue)}).",
            Caption = "A right model gives points on the diagonal at the left and an even cloud at the right, whatever the family. p-values allow for the dependence of rows in a group.",
            Panels =
            [
                new Panel
                {
                    Title = "Against uniform quantiles",
                    X = Axis.Of("Expected", unit),
                    Y = Axis.Of("Share of simulations below", unit),
                    Layers = [new RuleLayer(0, 1), new PointLayer([.. shown.Select(k => (k + 0.5) / sorted.Length)], [.. shown.Select(k => sorted[k])]) { Radius = 2.4 }],
                },
                new Panel
                {
                    Title = "Against the population mean",
                    X = Axis.Of("Rank of the mean by the fixed effects", unit),
                    Y = Axis.Of("", unit),
                    SharesY = true,
                    Layers = [new RuleLayer(0.5), new PointLayer(ranks, values) { Radius = 2.4 }, new LineLayer(smooth.X, smooth.Y) { Style = "s1" }],
                },
            ],
            Columns = 2,
        };
    }
}
