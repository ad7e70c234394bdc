using System.Diagnostics;

namespace MixedModels.Benchmarks.Fits;

/// <summary>Another program run to its end: what it wrote, how long it took, how much memory it held.</summary>
internal sealed record ProcessRun(int ExitCode, string Output, string Error, double Seconds, long PeakBytes)
{
    /// <summary>This run, if the program ended well.</summary>
    /// <param name="name">What messages call the program.</param>
    /// <exception cref="ProgramException">It did not.</exception>
    public ProcessRun OrThrow(string name)
    {
        if (ExitCode == 0) return this;
        throw new ProgramException($"{name} failed", Error.Trim() is { Length: > 0 } said ? said : FormattableString.Invariant($"exit code {ExitCode}"));
    }

    /// <summary>Starts a program and waits until it ends.</summary>
    /// <param name="call">What to run.</param>
    /// <param name="look">How often to look at its memory; null not to look, so that nothing disturbs a timing.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static ProcessRun Of(ProcessCall call, TimeSpan? look = null)
    {
        var start = new ProcessStartInfo(call.Program, call.Words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = call.Folder ?? "",
        };
        foreach (var (name, value) in call.Environment) start.Environment[name] = value;

        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{call.Program} was not started.");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var peak = look is { } every ? Watch(process, every) : 0;
        process.WaitForExit();
        var seconds = watch.Elapsed.TotalSeconds;
        return new(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult(), seconds, peak);
    }

    // The system keeps a high-water mark, so that only what the last moment adds can be missed.
    private static long Watch(Process process, TimeSpan every)
    {
        var peak = 0L;
        while (!process.WaitForExit(every))
        {
            try
            {
                process.Refresh();
                peak = Math.Max(peak, process.PeakWorkingSet64);
            }
            catch (InvalidOperationException)
            {
                // It ended between the two calls; the mark before stands.
            }
        }

        return peak;
    }
}

/// <summary>A program, its words, the folder it runs in and what it finds in its environment beside ours.</summary>
internal sealed record ProcessCall(string Program, IReadOnlyList<string> Words)
{
    public string? Folder { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
