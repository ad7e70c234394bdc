namespace MixedModels;

/// <summary>How a <see cref="ParametricBootstrap"/> is run.</summary>
public sealed record BootstrapOptions
{
    /// <summary>How many replicates, at least 1.</summary>
    public int Replicates { get; init; } = 1000;

    /// <summary>Same seed, same draws; a replicate depends on the seed and its number alone.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The most threads to use, at least 1; null for one a processor. The draws are the same bits for any number.</summary>
    public int? Threads { get; init; }

    /// <summary>A run of the same fit, statistic and seed whose replicates are taken over, so that only the others are drawn; null for none.</summary>
    public ParametricBootstrap? Resume { get; init; }
}
