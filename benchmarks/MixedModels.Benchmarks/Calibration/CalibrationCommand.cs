using System.Diagnostics;
using MixedModels.Benchmarks.Fits;

namespace MixedModels.Benchmarks.Calibration;

/// <summary><c>calibration</c>: type I errors and coverages by simulation, each with its Monte Carlo error.</summary>
internal static class CalibrationCommand
{
    public const string Name = "calibration";

    /// <summary>Runs the command.</summary>
    /// <returns>0; 2 for a wrong command line or a page that cannot be written.</returns>
    public static int Run(ReadOnlySpan<string> words)
    {
        try
        {
            var options = CalibrationOptions.Parse(words);
            if (options.IsHelp)
            {
                Console.Out.WriteLine(CalibrationOptions.Help);
                return 0;
            }

            var page = Page(options);
            Console.Out.Write(page);
            if (options.Out is { } place) File.WriteAllText(place, page);
            return 0;
        }
        catch (Exception failure) when (failure is UsageException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(failure.Message);
            return 2;
        }
    }

    private static string Page(CalibrationOptions options)
    {
        var start = Stopwatch.GetTimestamp();
        TypeOneError[] errors = [.. SplitPlot.All.Select((design, index) => TypeOneError.Measure(design, options.Replicates, options.Seed + (ulong)index))];
        Console.Error.WriteLine(FormattableString.Invariant($"type I errors after {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s"));
        var coverages = Coverage.Measure(options.DataSets, options.Draws, options.Seed);
        return CalibrationPage.Write(options, errors, coverages, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
