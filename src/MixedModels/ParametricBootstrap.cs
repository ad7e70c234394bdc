using MixedModels.Data;
using MixedModels.Inference.Bootstrap;
using MixedModels.LinearAlgebra;
using MixedModels.Persistence;

namespace MixedModels;

/// <summary>
/// A parametric bootstrap of a mixed model: responses are drawn from the fit, the model is fitted to each, and what changes from draw to draw shows
/// how well the parameters, or any statistic of a fit, are known. Immutable.
/// </summary>
/// <remarks>docs/intervals.md has the formulas. Source: Davison and Hinkley 1997, Bootstrap methods and their application, chapters 2 and 5.</remarks>
public sealed class ParametricBootstrap
{
    internal ParametricBootstrap(BootstrapDraws draws) => Draws = draws;

    /// <summary>The seed.</summary>
    public ulong Seed => Draws.Seed;

    /// <summary>The replicates asked for.</summary>
    public int Replicates => Draws.Count;

    /// <summary>The replicates done, failed ones among them: fewer than asked for where the run was cancelled.</summary>
    public int Completed => Draws.Completed;

    /// <summary>Whether every replicate is done.</summary>
    public bool IsComplete => Completed == Replicates;

    /// <summary>The names of the parameters, or of the statistic's numbers.</summary>
    public IReadOnlyList<string> ParameterNames => Draws.Names;

    /// <summary>Their values at the fit.</summary>
    public IReadOnlyList<double> Estimates => Draws.Estimates;

    /// <summary>The replicates whose refit failed, by number.</summary>
    public IReadOnlyList<BootstrapFailure> Failures => Draws.Failures;

    /// <summary>The draws themselves.</summary>
    internal BootstrapDraws Draws { get; }

    /// <summary>Draws and refits all parameters of a fit. Costs a search a replicate, from the fit's estimates; only what depends on the response is made anew.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">Replicates, seed and threads.</param>
    /// <param name="progress">Told now and then how far it is, by one thread at a time; null for nobody.</param>
    /// <param name="cancellationToken">Ends the run early: what is done is returned, and <see cref="IsComplete"/> is false.</param>
    /// <exception cref="InferenceException">The run to go on with is of another fit, statistic or seed.</exception>
    /// <exception cref="ArgumentException">There are no replicates or no threads.</exception>
    public static ParametricBootstrap Run(
        LinearMixedModelFit fit, BootstrapOptions options, IProgress<BootstrapProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Run(options, () => new LinearReplicates(fit, new ParameterStatistic(fit)), progress, cancellationToken);
    }

    /// <summary>Draws and refits any statistic of a fit. Each replicate becomes a fit of its own, which costs more than the parameters alone.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="names">What the numbers of the statistic are called.</param>
    /// <param name="statistic">
    /// Computes them from a fit; called by several threads at once. The fits it is given have the drawn response, while <c>Design.Data</c> keeps the original one.
    /// </param>
    /// <param name="options">Replicates, seed and threads.</param>
    /// <param name="progress">Told now and then how far it is, by one thread at a time; null for nobody.</param>
    /// <param name="cancellationToken">Ends the run early: what is done is returned, and <see cref="IsComplete"/> is false.</param>
    /// <exception cref="InferenceException">The run to go on with is of another fit, statistic or seed, or the statistic has another number of values.</exception>
    /// <exception cref="ArgumentException">There are no replicates, no threads or no names.</exception>
    public static ParametricBootstrap Run(
        LinearMixedModelFit fit,
        IReadOnlyList<string> names,
        Func<LinearMixedModelFit, double[]> statistic,
        BootstrapOptions options,
        IProgress<BootstrapProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(statistic);
        if (names.Count == 0) throw new ArgumentException("A statistic needs a name for each of its values.", nameof(names));
        return Run(options, () => new LinearReplicates(fit, new FitStatistic(fit, names, statistic)), progress, cancellationToken);
    }

    /// <summary>Draws and refits all parameters of a generalized fit. Costs a search a replicate, from the fit's estimates.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="options">Replicates, seed and threads.</param>
    /// <param name="progress">Told now and then how far it is, by one thread at a time; null for nobody.</param>
    /// <param name="cancellationToken">Ends the run early: what is done is returned, and <see cref="IsComplete"/> is false.</param>
    /// <exception cref="InferenceException">The run to go on with is of another fit, statistic or seed.</exception>
    /// <exception cref="ArgumentException">There are no replicates or no threads.</exception>
    public static ParametricBootstrap Run(
        GeneralizedMixedModelFit fit, BootstrapOptions options, IProgress<BootstrapProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return Run(options, () => new GeneralizedReplicates(fit), progress, cancellationToken);
    }

    /// <summary>Draws and refits any statistic of a generalized fit. Each replicate becomes a fit of its own, which costs more than the parameters alone.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="names">What the numbers of the statistic are called.</param>
    /// <param name="statistic">Computes them from a fit; called by several threads at once. The fits it is given have the drawn response, while <c>Design.Data</c> keeps the original one.</param>
    /// <param name="options">Replicates, seed and threads.</param>
    /// <param name="progress">Told now and then how far it is, by one thread at a time; null for nobody.</param>
    /// <param name="cancellationToken">Ends the run early: what is done is returned, and <see cref="IsComplete"/> is false.</param>
    /// <exception cref="InferenceException">The run to go on with is of another fit, statistic or seed, or the statistic has another number of values.</exception>
    /// <exception cref="ArgumentException">There are no replicates, no threads or no names.</exception>
    public static ParametricBootstrap Run(
        GeneralizedMixedModelFit fit,
        IReadOnlyList<string> names,
        Func<GeneralizedMixedModelFit, double[]> statistic,
        BootstrapOptions options,
        IProgress<BootstrapProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(statistic);
        if (names.Count == 0) throw new ArgumentException("A statistic needs a name for each of its values.", nameof(names));
        return Run(options, () => new GeneralizedReplicates(fit, names, statistic), progress, cancellationToken);
    }

    /// <summary>Reads a run written by <see cref="Save"/>, to go on with or to make intervals of.</summary>
    /// <exception cref="DataException">The file is missing, cut short, or no saved bootstrap of this version.</exception>
    public static ParametricBootstrap Load(string path) => new(BootstrapFile.Read(path));

    /// <summary>Writes the run, complete or not: versioned, compressed JSON with the draws, but not the data.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void Save(string path) => BootstrapFile.Write(Draws, path);

    /// <summary>The draws of the successful replicates in the order of their numbers, replicates × parameters.</summary>
    public Matrix Values()
    {
        int[] rows = [.. Draws.Successful()];
        var values = new double[rows.Length * ParameterNames.Count];
        for (var r = 0; r < rows.Length; r++)
        {
            for (var k = 0; k < ParameterNames.Count; k++) values[r + (k * rows.Length)] = Draws.Row(rows[r])![k];
        }

        return new(rows.Length, ParameterNames.Count, values);
    }

    /// <summary>An interval a parameter, from the successful replicates.</summary>
    /// <param name="kind">How it is made of the draws.</param>
    /// <param name="level">In (0, 1).</param>
    /// <returns>NaN ends where too few draws exist. Ends beyond what a parameter can be (a standard deviation below 0) are moved to its bound.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The level is not in (0, 1), or there is no such kind.</exception>
    public IReadOnlyList<ConfidenceInterval> Intervals(BootstrapInterval kind = BootstrapInterval.Percentile, double level = 0.95)
    {
        if (!(level > 0 && level < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "A level between 0 and 1 is wanted, such as 0.95.");
        if (!Enum.IsDefined(kind)) throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of interval.");
        return BootstrapIntervals.Of(Draws, kind, level);
    }

    /// <summary>What a reader of the intervals should know: failures, too few draws, undefined correlations.</summary>
    /// <param name="level">The level of the intervals.</param>
    public IReadOnlyList<Finding> Findings(double level = 0.95) => BootstrapFindings.Of(Draws, level);

    private static ParametricBootstrap Run(
        BootstrapOptions options, Func<BootstrapReplicates> create, IProgress<BootstrapProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Replicates, 1, nameof(options));
        if (options.Threads is { } threads) ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1, nameof(options));
        using var replicates = create();
        var draws = BootstrapDraws.For(replicates, options);
        BootstrapRun.Complete(replicates, draws, options.Threads, progress, cancellationToken);
        return new(draws);
    }
}
