using MixedModels.Benchmarks.Fits.Results;

namespace MixedModels.Benchmarks.Fits;

/// <summary><c>fits</c>: every case in a process of its own, its peers after it, and the page of results.</summary>
internal static class FitsCommand
{
    public const string Name = "fits";

    /// <summary>Runs the command.</summary>
    /// <returns>0; 1 where a fit did not converge, missed its reference or stayed above a peer's criterion; 2 for a wrong command line.</returns>
    public static int Run(ReadOnlySpan<string> words)
    {
        try
        {
            var options = FitsOptions.Parse(words);
            if (options.IsHelp)
            {
                Console.Out.WriteLine(FitsOptions.Help);
                return 0;
            }

            return options.IsSmoke ? SmokeRun.Run() : Run(options);
        }
        catch (UsageException failure)
        {
            Console.Error.WriteLine(failure.Message);
            return 2;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(failure.Message);
            return 2;
        }
    }

    private static int Run(FitsOptions options)
    {
        // Read before anything of ours makes the machine busy.
        var machine = Machine.Read();
        var run = FitsRun.Measure(options);
        var page = ResultsPage.Write(run, machine, DateOnly.FromDateTime(DateTime.UtcNow));
        Console.Out.Write(page);
        if (options.Out is { } place) Save(page, place, machine);
        return run.Log.Defects.Count == 0 ? 0 : 1;
    }

    private static void Save(string page, string place, Machine machine)
    {
        if (!place.EndsWith(".md", StringComparison.OrdinalIgnoreCase)) place = Path.Combine(place, machine.CpuFileName + ".md");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(place))!);
        File.WriteAllText(place, page);
        Console.Error.WriteLine($"written to {place}");
    }
}
