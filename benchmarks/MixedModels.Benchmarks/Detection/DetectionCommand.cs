using System.Diagnostics;
using MixedModels.Benchmarks.Fits;
using MixedModels.Tests.Diagnostics;

namespace MixedModels.Benchmarks.Detection;

/// <summary><c>detection</c>: how often the diagnostic rules find planted trouble, and how often they are wrong.</summary>
internal static class DetectionCommand
{
    public const string Name = "detection";

    /// <summary>Runs the command.</summary>
    /// <returns>0; 2 for a wrong command line or a page that cannot be written.</returns>
    public static int Run(ReadOnlySpan<string> words)
    {
        try
        {
            var options = DetectionOptions.Parse(words);
            if (options.IsHelp)
            {
                Console.Out.WriteLine(DetectionOptions.Help);
                return 0;
            }

            var start = Stopwatch.GetTimestamp();
            var troubles = options.IsSmoke ? PlantedTrouble.All.GroupBy(trouble => trouble.Kind, StringComparer.Ordinal).SelectMany(own => own.Take(2)) : PlantedTrouble.All;
            DetectionRate[] rates = [.. troubles.Select(trouble => DetectionRate.Measure(trouble, options.DataSets, options.Seed))];
            var page = DetectionPage.Write(options, rates, Stopwatch.GetElapsedTime(start).TotalSeconds);
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
}
