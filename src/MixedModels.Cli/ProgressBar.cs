using System.Globalization;

namespace MixedModels.Cli;

/// <summary>A line on a terminal that says how far a bootstrap is, how fast, and how long the rest takes; it is gone when the work ends.</summary>
internal sealed class ProgressBar(TextWriter terminal, TimeProvider? clock = null) : IProgress<BootstrapProgress>, IDisposable
{
    private const int Width = 30;

    /// <summary>A rate is not said before it means something.</summary>
    private static readonly TimeSpan soon = TimeSpan.FromSeconds(0.5);

    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private long start;
    private int first = -1;
    private int longest;

    /// <inheritdoc/>
    public void Report(BootstrapProgress value)
    {
        // Replicates taken over from a saved run are no work of this one.
        if (first < 0) (start, first) = (clock.GetTimestamp(), value.Done);
        var filled = (int)((long)Width * value.Done / value.Total);
        var failed = value.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {value.Failed} failed") : "";
        Write(string.Create(CultureInfo.InvariantCulture, $"[{new string('=', filled)}{new string(' ', Width - filled)}] {value.Done} of {value.Total}{failed}{Pace(value)}"));
    }

    /// <summary>Clears the line.</summary>
    public void Dispose()
    {
        if (longest == 0) return;
        Write("");
        terminal.Write('\r');
    }

    private string Pace(BootstrapProgress value)
    {
        var elapsed = clock.GetElapsedTime(start);
        if (elapsed < soon || value.Done <= first) return "";
        var rate = (value.Done - first) / elapsed.TotalSeconds;
        var left = TimeSpan.FromSeconds((value.Total - value.Done) / rate);
        return string.Create(CultureInfo.InvariantCulture, $", {rate:G3} a second, {Words(left)} left");
    }

    private static string Words(TimeSpan left) => left.TotalSeconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(left.TotalSeconds)} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{left.Minutes} min {left.Seconds} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours} h {left.Minutes} min"),
    };

    private void Write(string text)
    {
        longest = Math.Max(longest, text.Length);
        terminal.Write("\r" + text.PadRight(longest));
    }
}
