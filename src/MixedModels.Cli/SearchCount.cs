using System.Globalization;

namespace MixedModels.Cli;

/// <summary>Says on a terminal how far a fit is, once it has taken so long that one wonders. How long the rest takes nobody knows.</summary>
internal sealed class SearchCount : IProgress<FitProgress>, IDisposable
{
    private static readonly TimeSpan soon = TimeSpan.FromSeconds(1);

    private readonly TimeProvider clock;
    private readonly ProgressLine line;
    private readonly long start;

    /// <summary>Begins to count, and to measure the time.</summary>
    public SearchCount(TextWriter terminal, TimeProvider? clock = null)
    {
        (this.clock, line) = (clock ?? TimeProvider.System, new(terminal));
        start = this.clock.GetTimestamp();
    }

    /// <inheritdoc/>
    public void Report(FitProgress value)
    {
        var elapsed = clock.GetElapsedTime(start);
        if (elapsed < soon) return;
        var deviance = double.IsFinite(value.Deviance) ? string.Create(CultureInfo.InvariantCulture, $"deviance {value.Deviance:F4}") : "no deviance there";
        line.Show(string.Create(CultureInfo.InvariantCulture, $"evaluation {value.Evaluations}: {deviance}; {Duration.Words(elapsed)}"));
    }

    /// <inheritdoc/>
    public void Dispose() => line.Dispose();
}
