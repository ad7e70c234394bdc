namespace MixedModels;

/// <summary>How far a bootstrap is.</summary>
/// <param name="Done">Replicates done, failed ones among them.</param>
/// <param name="Total">Replicates asked for.</param>
/// <param name="Failed">Replicates whose refit failed.</param>
public sealed record BootstrapProgress(int Done, int Total, int Failed);
