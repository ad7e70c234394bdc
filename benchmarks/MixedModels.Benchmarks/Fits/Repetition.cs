using System.Diagnostics;

namespace MixedModels.Benchmarks.Fits;

/// <summary>How often a warm thing is done until its median counts.</summary>
internal static class Repetition
{
    // A tiny fit is over before the machine has settled: each repetition after the first buys half a second for warming up, in which
    // the runtime compiles the hot methods again, and as much for repeating.
    private const double SecondsEach = 0.5;

    // Enough for a median of microseconds.
    private const int Most = 5000;

    // Where collecting garbage would not be lost in the measurement it is done outside, as peer.R does.
    private const double CollectFrom = 0.01;

    /// <summary>Repeats a thing that has already run once.</summary>
    /// <param name="repetitions">The least number of samples; with 1 there is no warming up.</param>
    /// <param name="first">Seconds of the run before.</param>
    /// <param name="once">Does it and returns what it measured.</param>
    public static IReadOnlyList<T> Samples<T>(int repetitions, double first, Func<T> once)
    {
        var budget = SecondsEach * (repetitions - 1);
        for (var (warm, watch) = (first, Stopwatch.StartNew()); warm < budget; warm = first + watch.Elapsed.TotalSeconds) once();

        var samples = new List<T>();
        var (spent, last) = (0.0, first);
        while (samples.Count < repetitions || (spent < budget && samples.Count < Most))
        {
            if (last >= CollectFrom) GC.Collect();
            var start = Stopwatch.GetTimestamp();
            samples.Add(once());
            last = Stopwatch.GetElapsedTime(start).TotalSeconds;
            spent += last;
        }

        return samples;
    }

    /// <summary>The median; of an even number of values the mean of the two in the middle.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
