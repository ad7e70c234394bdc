using System.Globalization;

namespace MixedModels.Cli;

/// <summary>Says on a terminal how many models a search has tried.</summary>
internal sealed class ModelCount(TextWriter terminal) : IProgress<TriedModel>, IDisposable
{
    private readonly ProgressLine line = new(terminal);

    /// <inheritdoc/>
    public void Report(TriedModel value) => line.Show(string.Create(CultureInfo.InvariantCulture, $"{value.Number} models tried; last: {value.Step}"));

    /// <inheritdoc/>
    public void Dispose() => line.Dispose();
}
