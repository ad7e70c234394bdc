using System.Globalization;

namespace MixedModels.Inference.Bootstrap;

/// <summary>
/// The results of replicates by number: draws and scores, or the reason of a failure. Threads may write different replicates at once; nothing is written after the run.
/// </summary>
internal sealed class BootstrapDraws
{
    private readonly string?[] failures;
    private readonly double[]?[] rows;
    private readonly double[]?[] scores;

    /// <summary>Room for replicates, none of them done.</summary>
    public BootstrapDraws(string fingerprint, ulong seed, int count, IReadOnlyList<string> names, IReadOnlyList<double> estimates)
    {
        (Fingerprint, Seed, Count, Names, Estimates) = (fingerprint, seed, count, names, estimates);
        (rows, scores, failures) = (new double[]?[count], new double[]?[count], new string?[count]);
    }

    /// <summary>What tells one fit from another.</summary>
    public string Fingerprint { get; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>The replicates there are to be.</summary>
    public int Count { get; }

    /// <summary>The names of the statistic's numbers.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Their values at the fit.</summary>
    public IReadOnlyList<double> Estimates { get; }

    /// <summary>The replicates done.</summary>
    public int Completed => Enumerable.Range(0, Count).Count(IsDone);

    /// <summary>The failed ones.</summary>
    public IReadOnlyList<BootstrapFailure> Failures =>
        [.. Enumerable.Range(0, Count).Where(k => failures[k] is not null).Select(k => new BootstrapFailure(k, failures[k]!))];

    /// <summary>Room for a run, with what an earlier one of the same fit, statistic and seed has done.</summary>
    /// <exception cref="InferenceException">The earlier run is another's.</exception>
    public static BootstrapDraws For(BootstrapReplicates replicates, BootstrapOptions options)
    {
        var draws = new BootstrapDraws(replicates.Fingerprint, options.Seed, options.Replicates, replicates.Names, replicates.Estimates);
        if (options.Resume?.Draws is not { } earlier) return draws;
        if (earlier.Fingerprint != draws.Fingerprint)
            throw new InferenceException("The run to go on with is of another fit: its model, options, data or estimates differ. Start without it.");
        if (earlier.Seed != options.Seed)
            throw new InferenceException(string.Create(CultureInfo.InvariantCulture, $"The run to go on with has the seed {earlier.Seed}, not {options.Seed}; go on with its own."));
        if (!earlier.Names.SequenceEqual(draws.Names, StringComparer.Ordinal))
            throw new InferenceException($"The run to go on with is of {string.Join(", ", earlier.Names)}, not of {string.Join(", ", draws.Names)}; start without it.");
        for (var k = 0; k < Math.Min(earlier.Count, draws.Count); k++)
            (draws.rows[k], draws.scores[k], draws.failures[k]) = (earlier.rows[k], earlier.scores[k], earlier.failures[k]);
        return draws;
    }

    /// <summary>Whether a replicate is done.</summary>
    public bool IsDone(int replicate) => rows[replicate] is not null || failures[replicate] is not null;

    /// <summary>The draw of a replicate; null where it failed or is not done.</summary>
    public double[]? Row(int replicate) => rows[replicate];

    /// <summary>The scores of a replicate (<see cref="BootstrapScores"/>); null where there is no draw.</summary>
    public double[]? Scores(int replicate) => scores[replicate];

    /// <summary>The replicates with a draw.</summary>
    public IEnumerable<int> Successful() => Enumerable.Range(0, Count).Where(k => rows[k] is not null);

    /// <summary>Writes a draw.</summary>
    public void Succeed(int replicate, double[] row, double[] score) => (rows[replicate], scores[replicate]) = (row, score);

    /// <summary>Writes a failure.</summary>
    public void Fail(int replicate, string reason) => failures[replicate] = reason;
}
