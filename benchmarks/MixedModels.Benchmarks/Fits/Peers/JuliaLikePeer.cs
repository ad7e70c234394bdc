using System.Globalization;
using System.Text.RegularExpressions;

namespace MixedModels.Benchmarks.Fits.Peers;

/// <summary>
/// MixedModels.jl's evaluation under its optimiser and tolerances, as blocked_cholesky.cpp of the shared folder re-creates it. It leaves
/// out model construction, garbage collection and compilation: a lower bound of Julia's time.
/// </summary>
internal sealed partial class JuliaLikePeer : IDisposable
{
    private const string Source = "blocked_cholesky.cpp";
    private readonly TemporaryFolder folder = new();
    private readonly string program;

    /// <summary>Compiles the program.</summary>
    /// <exception cref="ProgramException">It does not compile; OpenBLAS or NLopt may be missing.</exception>
    public JuliaLikePeer(FitsOptions options)
    {
        program = folder.File("blocked_cholesky");
        try
        {
            Compile(Path.GetFullPath(SourceIn(options)));
        }
        catch (ProgramException)
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Why the peer cannot run; null if it can.</summary>
    public static string? Missing(FitsOptions options)
    {
        if (!InstalledProgram.Exists("g++")) return "g++ is not installed";
        return File.Exists(SourceIn(options)) ? null : $"peers/{Source} is not in the shared folder (--shared)";
    }

    /// <summary>Searches the optimum of a case as MixedModels.jl does.</summary>
    /// <param name="entry">A case with crossed columns.</param>
    /// <param name="path">Its file.</param>
    /// <param name="repetitions">How many processes the median is of.</param>
    /// <exception cref="ProgramException">The program failed or printed something else.</exception>
    public JuliaLikeFit Fit(FitCase entry, string? path, int repetitions)
    {
        var columns = entry.Crossed ?? throw new ArgumentException($"'{entry.Name}' is not a model this peer knows.", nameof(entry));
        var data = folder.File(entry.Name + ".bin");
        CrossedFile.Write(data, entry.Read(path), columns);

        // file, third factor, threads, evaluations to time, fit, REML
        string[] words = [data, columns.Third is null ? "0" : "1", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture), "1", "1", "1"];
        var fits = Enumerable.Range(0, repetitions).Select(_ => Once(words)).ToArray();
        File.Delete(data);
        return fits[0] with { Seconds = Repetition.Median(fits.Select(fit => fit.Seconds)), Repetitions = repetitions, IsSameModel = columns.Covariate is not null };
    }

    public void Dispose() => folder.Dispose();

    private static string SourceIn(FitsOptions options) => Path.Combine(options.Shared, "peers", Source);

    // The program's clock counts the CPU time of all threads; elapsed seconds are wanted, so one clock is put for the other.
    private void Compile(string source)
    {
        var wrapper = folder.File("elapsed.cpp");
        File.WriteAllText(wrapper, $"""
            #include <time.h>
            #undef CLOCK_PROCESS_CPUTIME_ID
            #define CLOCK_PROCESS_CPUTIME_ID CLOCK_MONOTONIC
            #include "{source}"

            """);
        ProcessRun.Of(new("g++", ["-O3", "-march=native", "-w", wrapper, "-o", program, "-lopenblas", "-lnlopt"])).OrThrow($"compiling {Source}");
    }

    private JuliaLikeFit Once(string[] words)
    {
        var run = ProcessRun.Of(new(program, words)).OrThrow(Source);
        var (setup, search) = (Setup().Match(run.Output), Search().Match(run.Output));
        if (!setup.Success || !search.Success) throw new ProgramException($"{Source} printed no optimum", run.Output);
        return new(Number(setup, "seconds") + Number(search, "seconds"), (int)Number(search, "evaluations"), Number(search, "criterion"));
    }

    private static double Number(Match found, string name) => double.Parse(found.Groups[name].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("setup (?<seconds>[0-9.]+) s", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Setup();

    [GeneratedRegex("neval=(?<evaluations>[0-9]+) time=(?<seconds>[0-9.]+) f=(?<criterion>-?[0-9.]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Search();
}
