using System.Globalization;

namespace MixedModels.Cli;

/// <summary>A line on a terminal that says how many models a search has tried, and is gone when it ends.</summary>
internal sealed class ModelCount(TextWriter terminal) : IProgress<TriedModel>, IDisposable
{
    private int longest;

    /// <inheritdoc/>
    public void Report(TriedModel value) => Write(string.Create(CultureInfo.InvariantCulture, $"{value.Number} models tried; last: {value.Step}"));

    /// <summary>Clears the line.</summary>
    public void Dispose()
    {
        if (longest == 0) return;
        Write("");
        terminal.Write('\r');
    }

    private void Write(string text)
    {
        longest = Math.Max(longest, text.Length);
        terminal.Write("\r" + text.PadRight(longest));
    }
}
