namespace MixedModels.Cli;

/// <summary>A line on a terminal that is written over again and again, and is gone when the work ends.</summary>
internal sealed class ProgressLine(TextWriter terminal) : IDisposable
{
    private int longest;

    /// <summary>Puts a text in the place of the last.</summary>
    public void Show(string text)
    {
        longest = Math.Max(longest, text.Length);
        terminal.Write("\r" + text.PadRight(longest));
    }

    /// <summary>Clears the line.</summary>
    public void Dispose()
    {
        if (longest == 0) return;
        Show("");
        terminal.Write('\r');
    }
}
