namespace MixedModels.Inference.Bootstrap;

/// <summary>What a replicate gave.</summary>
/// <param name="Row">The numbers of its statistic; null where its refit failed.</param>
/// <param name="Scores">The scores of its response at the fit's parameters; empty where there are none.</param>
/// <param name="Failure">Why its refit failed; null where it did not.</param>
internal sealed record BootstrapReplicate(double[]? Row, double[] Scores, string? Failure)
{
    /// <summary>A failure.</summary>
    public static BootstrapReplicate Failed(string reason) => new(null, [], reason);

    /// <summary>A refit in which coefficients run to infinity.</summary>
    public static BootstrapReplicate Separated(IReadOnlyList<string> names) =>
        Failed($"{BootstrapFailure.Separated}the estimate of {string.Join(" and ", names)} runs to infinity for the drawn response.");

    /// <summary>A refit without a proved optimum.</summary>
    public static BootstrapReplicate NotProved(int evaluations) => Failed(FormattableString.Invariant($"No optimum was proved after {evaluations} evaluations."));
}

/// <summary>The replicates of one fit by number: each is drawn from a stream of its own and refitted. Safe for several threads.</summary>
internal abstract class BootstrapReplicates : IDisposable
{
    /// <summary>What tells the fit from another.</summary>
    public abstract string Fingerprint { get; }

    /// <summary>The names of the statistic's numbers.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>Their values at the fit.</summary>
    public abstract IReadOnlyList<double> Estimates { get; }

    /// <summary>The bytes of one thread's storage, about.</summary>
    public abstract long BytesOfOne { get; }

    /// <summary>Draws and refits one.</summary>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="replicate">Its zero-based number.</param>
    /// <param name="cancellationToken">Checked once an evaluation.</param>
    public abstract BootstrapReplicate Make(ulong seed, int replicate, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract void Dispose();
}
