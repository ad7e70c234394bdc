using MixedModels.Reporting.Figures;

namespace MixedModels.Reporting.Plots;

/// <summary>The distribution of each parameter over refits to responses drawn from the fit.</summary>
public sealed class BootstrapPlot : Plot
{
    private const int Replicates = 500;
    private const int MostParameters = 12;

    /// <inheritdoc/>
    public override string Name => "bootstrap";

    /// <inheritdoc/>
    public override string Summary => "distribution of each parameter over a parametric bootstrap";

    /// <inheritdoc/>
    public override string? WhyNot(IInspectedFit fit) => null;

    private protected override FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken)
    {
        var wanted = new BootstrapOptions { Replicates = options.Replicates ?? Replicates, Seed = options.Seed };
        var run = fit.Linear is { } linear
            ? ParametricBootstrap.Run(linear, wanted, progress: null, cancellationToken)
            : ParametricBootstrap.Run(fit.Generalized!, wanted, progress: null, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var draws = run.Values();
        if (draws.Rows < 2) throw new PlotException("Fewer than two replicates could be refitted; ask for more (--replicates).");
        int[] drawn = [.. Enumerable.Range(0, draws.Columns).Where(j => Enumerable.Range(0, draws.Rows).Any(i => double.IsFinite(draws[i, j]) && draws[i, j] != draws[0, j])).Take(MostParameters)];
        if (drawn.Length == 0) throw new PlotException("No parameter changes from replicate to replicate.");
        return new()
        {
            Name = Name,
            Title = "Parametric bootstrap",
            Description = $"{PlotWords.Count(draws.Rows)} replicates, seed {run.Seed}. Means: {string.Join("; ", drawn.Select(j => $"{run.ParameterNames[j]} {PlotWords.Number(Column(draws, j).Average())} (estimate {PlotWords.Number(run.Estimates[j])})"))}.",
            Caption = "Dashed: the estimate. A distribution that lies beside it is bias; a spike at 0 or ±1 is the share of refits on the boundary.",
            Panels = [.. drawn.Select((j, place) => HistogramPanel.Of(PlotWords.Parameter(fit, run.ParameterNames[j]), Column(draws, j), run.Estimates[j], place))],
            Columns = Math.Min(3, drawn.Length),
            PanelHeight = 150,
        };
    }

    private static double[] Column(LinearAlgebra.Matrix draws, int column) => [.. Enumerable.Range(0, draws.Rows).Select(row => draws[row, column]).Where(double.IsFinite)];
}
