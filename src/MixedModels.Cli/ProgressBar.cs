using System.Globalization;

namespace MixedModels.Cli;

/// <summary>A line on a terminal that says how far a bootstrap is, and is gone when it ends.</summary>
internal sealed class ProgressBar(TextWriter terminal) : IProgress<BootstrapProgress>, IDisposable
{
    private const int Width = 40;

    private int longest;

    /// <inheritdoc/>
    public void Report(BootstrapProgress value)
    {
        var filled = (int)((long)Width * value.Done / value.Total);
        var failed = value.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {value.Failed} failed") : "";
        Write(string.Create(CultureInfo.InvariantCulture, $"[{new string('=', filled)}{new string(' ', Width - filled)}] {value.Done} of {value.Total}{failed}"));
    }

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
