namespace MixedModels.Reporting.Plots;

/// <summary>What a plot shows, for those that leave a choice; a plot looks at its own alone.</summary>
public sealed record PlotOptions
{
    /// <summary>The grouping factor, such as <c>Subject</c>; null for the first that suits.</summary>
    public string? Group { get; init; }

    /// <summary>The variable on the horizontal axis, or the factor whose means are shown; null for the first that suits.</summary>
    public string? Over { get; init; }

    /// <summary>A factor that splits the figure; null for none.</summary>
    public string? By { get; init; }

    /// <summary>The level of intervals, between 0 and 1.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>The seed of what is simulated.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How many replicates are simulated; null for the plot's own number.</summary>
    public int? Replicates { get; init; }
}
