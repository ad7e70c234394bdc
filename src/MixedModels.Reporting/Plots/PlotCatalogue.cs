using MixedModels.Data;

namespace MixedModels.Reporting.Plots;

/// <summary>The plots.</summary>
public static class PlotCatalogue
{
    /// <summary>All plots, in the order of the documentation.</summary>
    public static IReadOnlyList<Plot> All { get; } =
    [
        new ProfilesPlot(),
        new EffectPlot(),
        new MeansPlot(),
        new CaterpillarPlot(),
        new ShrinkagePlot(),
        new ResidualsPlot(),
        new ScaleLocationPlot(),
        new GroupResidualsPlot(),
        new NormalQuantilePlot(),
        new RandomEffectQuantilePlot(),
        new SemivariogramPlot(),
        new SimulatedResidualsPlot(),
        new DispersionPlot(),
        new RootogramPlot(),
        new ReceiverPlot(),
        new CalibrationPlot(),
        new PredictedObservedPlot(),
        new InfluencePlot(),
        new CorrelationPlot(),
        new ProfileZetaPlot(),
        new ProfileDensityPlot(),
        new ProfilePairsPlot(),
        new BootstrapPlot(),
    ];

    /// <summary>Finds a plot by its name.</summary>
    /// <exception cref="PlotException">There is none of that name; the message lists them.</exception>
    public static Plot Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.FirstOrDefault(plot => string.Equals(plot.Name, name, StringComparison.Ordinal))
            ?? throw new PlotException($"There is no plot '{name}'. The plots are {string.Join(", ", All.Select(plot => plot.Name))}.");
    }
}
