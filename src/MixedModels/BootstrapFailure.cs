namespace MixedModels;

/// <summary>A replicate whose refit found no optimum; it has no part in the intervals.</summary>
/// <param name="Replicate">Its zero-based number; <see cref="LinearMixedModelFit.Simulate"/> with the same seed draws its response again.</param>
/// <param name="Reason">What happened.</param>
public sealed record BootstrapFailure(int Replicate, string Reason)
{
    /// <summary>How the reason of a separated refit begins.</summary>
    internal const string Separated = "Separated: ";

    /// <summary>Whether the drawn response has no finite estimate of some coefficient, as where a category has no event.</summary>
    public bool IsSeparated => Reason.StartsWith(Separated, StringComparison.Ordinal);
}
