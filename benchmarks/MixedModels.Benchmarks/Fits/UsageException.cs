namespace MixedModels.Benchmarks.Fits;

/// <summary>A command line that cannot be run; the message says what to write instead.</summary>
internal sealed class UsageException(string message) : Exception(message);
