namespace MixedModels;

/// <summary>How a fit is diagnosed.</summary>
public sealed record DiagnosisOptions
{
    /// <summary>The seed of what is simulated.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Replicates that residuals are compared with; fewer are drawn where there are very many rows.</summary>
    public int Replicates { get; init; } = 250;

    /// <summary>The column that orders the rows of a group; null for the first covariate that changes within groups.</summary>
    public string? Order { get; init; }
}
