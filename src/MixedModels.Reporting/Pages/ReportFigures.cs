using MixedModels.Reporting.Figures;
using MixedModels.Reporting.Plots;

namespace MixedModels.Reporting.Pages;

/// <summary>The figures of a report: those that apply to the fit, what the model says before how well it fits.</summary>
internal static class ReportFigures
{
    private static readonly Plot[] shown =
    [
        new ProfilesPlot(), new EffectPlot(), new MeansPlot(), new CaterpillarPlot(), new ResidualsPlot(), new NormalQuantilePlot(), new SimulatedResidualsPlot(), new RootogramPlot(), new CalibrationPlot(), new ReceiverPlot(),
    ];

    /// <summary>Draws them.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="before">The names of the kinds that stand in the report already.</param>
    /// <param name="cancellationToken">Stops between figures.</param>
    public static IReadOnlyList<Figure> Of(IInspectedFit fit, IReadOnlyList<string> before, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        foreach (var plot in shown.Where(plot => !before.Contains(plot.Name, StringComparer.Ordinal)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (plot.WhyNot(fit) is null) figures.Add(plot.Draw(fit, cancellationToken: cancellationToken));
        }

        return figures;
    }
}
