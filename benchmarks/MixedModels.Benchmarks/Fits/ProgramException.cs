namespace MixedModels.Benchmarks.Fits;

/// <summary>A program that was run failed or said something else than expected.</summary>
/// <param name="message">What failed, fit for the page of results.</param>
/// <param name="detail">What it said; for the console alone, since it may name paths of this machine.</param>
internal sealed class ProgramException(string message, string detail) : Exception(message)
{
    public string Detail { get; } = detail;
}
