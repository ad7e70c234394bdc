namespace MixedModels.Optimization;

/// <summary>Counts the evaluations of a search and tells of each, on the thread that made it.</summary>
/// <param name="receiver">Who is told.</param>
internal sealed class SearchProgress(IProgress<FitProgress> receiver)
{
    private int evaluations;

    /// <summary>For a receiver; null where there is none.</summary>
    public static SearchProgress? To(IProgress<FitProgress>? receiver) => receiver is null ? null : new(receiver);

    /// <summary>Tells of one more evaluation.</summary>
    /// <param name="value">The deviance there.</param>
    public void Evaluated(double value) => receiver.Report(new(++evaluations, value));
}
