using MixedModels.Benchmarks.Fits.Peers;

namespace MixedModels.Benchmarks.Fits;

/// <summary>Whole processes that fit sleepstudy from a file: start, reading, fit, report, end.</summary>
/// <param name="Build">What the page calls the build of the command.</param>
/// <param name="First">The command's first run, which finds no list of methods to compile ahead; seconds.</param>
/// <param name="Median">The median of the runs after it.</param>
/// <param name="PeakBytes">The most memory of one of them.</param>
internal sealed record WholeProcess(string Build, double First, double Median, long PeakBytes)
{
    /// <summary>Seconds the command is meant to reach.</summary>
    public const double Reach = 0.12;

    /// <summary>The case it belongs to.</summary>
    public const string Case = "sleepstudy";

    /// <summary>How many processes a median is of.</summary>
    public const int Count = 9;

    private const string Formula = "Reaction ~ Days + (Days | Subject)";

    private static readonly string data = Path.Combine(RepositoryFolder.Path, "validation", "linear", "data", "sleepstudy.csv");

    /// <summary>Times a build of the command.</summary>
    /// <exception cref="ProgramException">It failed.</exception>
    public static WholeProcess Of(CommandBuild build)
    {
        using var cache = new TemporaryFolder();
        var call = new ProcessCall(build.Program, [.. build.Words, "fit", Formula, data, "--factor", "Subject"])
        {
            // The compiled command keeps its list of compiled methods there; the first run writes it, as for any user.
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_CACHE_HOME"] = cache.Path },
        };
        var first = Once(call).Seconds;
        var median = MedianOf(call);

        // Apart from the timed ones: looking every other millisecond costs something.
        return new(build.Name, first, median, Once(call, TimeSpan.FromMilliseconds(2)).PeakBytes);
    }

    /// <summary>The median seconds of R with lme4 for the same: it reads, fits and prints the summary.</summary>
    /// <exception cref="ProgramException">It failed.</exception>
    public static double OfR() => MedianOf(RProgram.Call(folder: null, ["-e", $$"""
        suppressMessages(library(lme4)); d <- read.csv("{{data.Replace('\\', '/')}}"); d$Subject <- factor(d$Subject); print(summary(lmer({{Formula}}, d)))
        """]));

    private static double MedianOf(ProcessCall call) => Repetition.Median(Enumerable.Range(0, Count).Select(_ => Once(call).Seconds));

    private static ProcessRun Once(ProcessCall call, TimeSpan? look = null) => ProcessRun.Of(call, look).OrThrow(call.Program);
}
