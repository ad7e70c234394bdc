using System.Globalization;

namespace MixedModels.Cli;

/// <summary>Says on a terminal how far a bootstrap is, how fast, and how long the rest takes.</summary>
internal sealed class ProgressBar(TextWriter terminal, TimeProvider? clock = null) : IProgress<BootstrapProgress>, IDisposable
{
    private const int Width = 30;

    /// <summary>A rate is not said before it means something.</summary>
    private static readonly TimeSpan soon = TimeSpan.FromSeconds(0.5);

    private readonly TimeProvider clock = clock ?? TimeProvider.System;
    private readonly ProgressLine line = new(terminal);
    private long start;
    private int first = -1;

    /// <inheritdoc/>
    public void Report(BootstrapProgress value)
    {
        // Replicates taken over from a saved run are no work of this one.
        if (first < 0) (start, first) = (clock.GetTimestamp(), value.Done);
        var filled = (int)((long)Width * value.Done / value.Total);
        var failed = value.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {value.Failed} failed") : "";
        line.Show(string.Create(CultureInfo.InvariantCulture, $"[{new string('=', filled)}{new string(' ', Width - filled)}] {value.Done} of {value.Total}{failed}{Pace(value)}"));
    }

    /// <inheritdoc/>
    public void Dispose() => line.Dispose();

    private string Pace(BootstrapProgress value)
    {
        var elapsed = clock.GetElapsedTime(start);
        if (elapsed < soon || value.Done <= first) return "";
        var rate = (value.Done - first) / elapsed.TotalSeconds;
        var left = TimeSpan.FromSeconds((value.Total - value.Done) / rate);
        return string.Create(CultureInfo.InvariantCulture, $", {rate:G3} a second, {Duration.Words(left)} left");
    }
}
