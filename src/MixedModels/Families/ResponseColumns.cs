using System.Runtime.InteropServices;

namespace MixedModels.Families;

/// <summary>The responses of many rows as columns, for families that take several rows at a time.</summary>
/// <param name="responses">n responses.</param>
/// <param name="trials">n trials.</param>
/// <param name="weights">n multipliers of the log-density.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct ResponseColumns(ReadOnlySpan<double> responses, ReadOnlySpan<double> trials, ReadOnlySpan<double> weights)
{
    /// <summary>n responses.</summary>
    public ReadOnlySpan<double> Responses { get; } = responses;

    /// <summary>n trials.</summary>
    public ReadOnlySpan<double> Trials { get; } = trials;

    /// <summary>n multipliers of the log-density.</summary>
    public ReadOnlySpan<double> Weights { get; } = weights;
}
