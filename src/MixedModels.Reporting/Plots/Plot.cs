using MixedModels.Reporting.Figures;

namespace MixedModels.Reporting.Plots;

/// <summary>One kind of figure of a fit: a class a kind, all of them in <see cref="PlotCatalogue"/>. Without state, safe for concurrent use.</summary>
public abstract class Plot
{
    private protected Plot()
    {
    }

    /// <summary>The name by which it is asked for.</summary>
    public abstract string Name { get; }

    /// <summary>What it shows, one line.</summary>
    public abstract string Summary { get; }

    /// <summary>Draws the figure of a fit.</summary>
    /// <param name="fit">The fit, from <see cref="ModelInspection.Inspect"/>.</param>
    /// <param name="options">What is shown; null for the defaults.</param>
    /// <param name="cancellationToken">Stops a plot that simulates or profiles.</param>
    /// <exception cref="PlotException">The plot does not apply to this fit, or an option names what is not there; the message says why.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1, or there are no replicates.</exception>
    public Figure Draw(IInspectedFit fit, PlotOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        options ??= new();
        if (!(options.Level > 0 && options.Level < 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Level, "A confidence level lies between 0 and 1, such as 0.95.");
        if (options.Replicates < 1) throw new ArgumentOutOfRangeException(nameof(options), options.Replicates, "A simulation needs at least one replicate.");
        return WhyNot(fit) is { } reason ? throw new PlotException($"The plot '{Name}' does not apply to this fit: {reason}") : new(PlainNames.In(Plan(fit, options, cancellationToken)));
    }

    /// <summary>Draws the figure of a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">What is shown; null for the defaults.</param>
    /// <param name="cancellationToken">Stops a plot that simulates or profiles.</param>
    /// <exception cref="PlotException">The plot does not apply to this fit, or an option names what is not there; the message says why.</exception>
    public Figure Draw(IMixedModelFit fit, PlotOptions? options = null, CancellationToken cancellationToken = default) =>
        Draw(fit.Inspect(), options, cancellationToken);

    /// <summary>Why the plot does not apply to a fit; null where it does.</summary>
    public abstract string? WhyNot(IInspectedFit fit);

    /// <summary>Makes the figure of a fit to which the plot applies.</summary>
    private protected abstract FigurePlan Plan(IInspectedFit fit, PlotOptions options, CancellationToken cancellationToken);
}
