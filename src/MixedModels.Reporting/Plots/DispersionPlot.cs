using MixedModels.Reporting.Figures;

namespace MixedModels.Reporting.Plots;

/// <summary>Where the responses' dispersion, and their zeros, stand among those of simulated responses, random effects drawn anew and held.</summary>
public sealed class DispersionPlot : Plot
{
    /// <inheritdoc/>
    public override string Name => "dispersion";

    /// <inheritdoc/>
    public override string Summary => "the responses' dispersion and zeros among those of simulations";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => PlotWords.HasSingleTrials(fit)
        ? "single yes and no answers have no dispersion beyond their mean (mixed plot calibration compares that)."
        : null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var anew = PlotWords.Simulated(fit, options, isConditional: false, cancellationToken);
        var shown = new List<(string Title, string Words, IReadOnlyList<double> Draws, double Own)>
        {
            ("Variance ratio", $"variance {PlotWords.Number(anew.DispersionRatio)} times the model's (p = {PlotWords.Number(anew.DispersionPValue)})", anew.SimulatedDispersions, anew.DispersionRatio),
        };
        if (fit.RandomTerms.Count > 0)
        {
            var held = PlotWords.Simulated(fit, options, isConditional: true, cancellationToken);
            shown.Add(("The same, given effects", $"with the random effects held {PlotWords.Number(held.DispersionRatio)} times (p = {PlotWords.Number(held.DispersionPValue)})", held.SimulatedDispersions, held.DispersionRatio));
        }

        if (fit.Generalized is { Family: { IsDiscrete: true, HasTrials: false } })
            shown.Add(("Zeros", $"{anew.ZeroCount} zeros where {PlotWords.Number(anew.ExpectedZeros)} are expected (p = {PlotWords.Number(anew.ZeroPValue)})", [.. anew.SimulatedZeros.Select(count => (double)count)], anew.ZeroCount));
        return new()
        {
            Name = Name,
            Title = "Dispersion among simulations",
            Description = $"Compared with {anew.Replicates} simulations: {string.Join("; ", shown.Select(panel => panel.Words))}.",
            Caption = "Bars: replicates simulated from the fit. Dashed: the responses. A line right of the bars is overdispersion (or too many zeros), left of them underdispersion." + (fit.RandomTerms.Count == 0 ? "" : " At the left random effects are drawn anew, which leaves room for much; beside it they are held."),
            Panels = [.. shown.Select((panel, place) => HistogramPanel.Of(panel.Title, panel.Draws, panel.Own, place, "s1"))],
            Columns = Math.Min(3, shown.Count),
            PanelHeight = 190,
        };
    }
}
