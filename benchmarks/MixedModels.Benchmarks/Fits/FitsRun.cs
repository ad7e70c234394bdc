using MixedModels.Benchmarks.Fits.Peers;

namespace MixedModels.Benchmarks.Fits;

/// <summary>One run over the cases.</summary>
/// <param name="Results">The cases that ran.</param>
/// <param name="Log">What did not run, and what is wrong.</param>
/// <param name="Repetitions">The least number of repetitions that was asked for.</param>
internal sealed record FitsRun(IReadOnlyList<CaseResult> Results, RunLog Log, int Repetitions)
{
    /// <summary>The processes of the command, native and compiled while it runs; none where sleepstudy was not asked for.</summary>
    public IReadOnlyList<WholeProcess> Processes { get; init; } = [];

    /// <summary>The seconds of R's process for the same; null without lme4.</summary>
    public double? RProcess { get; init; }

    /// <summary>R, lme4 and its BLAS; null without lme4.</summary>
    public string? LmerVersions { get; init; }

    /// <summary>Runs the cases of the options, a case's peers directly after it.</summary>
    public static FitsRun Measure(FitsOptions options)
    {
        var (log, files) = (new RunLog(), new CaseFiles(options));
        using var peers = new PeerSet(options, log);
        CaseResult[] results = [.. options.Cases.Select(entry => Measure(entry, files, peers, log, options.Repetitions)).OfType<CaseResult>()];
        var run = new FitsRun(results, log, options.Repetitions) { LmerVersions = peers.LmerVersions };
        return results.Any(result => result.Case.Name == WholeProcess.Case) ? run.WithProcesses() : run;
    }

    private static CaseResult? Measure(FitCase entry, CaseFiles files, PeerSet peers, RunLog log, int repetitions)
    {
        RunLog.Begin(entry.Name);
        if (log.OrOmit(entry.Name, () => files.Find(entry)) is not { } file) return null;
        if (file.Missing is { } missing)
        {
            log.Omit($"{entry.Name}: {missing}");
            return null;
        }

        if (log.OrDefect(entry.Name, () => MeasureCommand.Call(entry, file.Path, repetitions)) is not { } ours) return null;
        var result = peers.AddTo(new(entry, ours), file.Path);
        foreach (var defect in result.Defects()) log.Add(defect);
        return result;
    }

    private FitsRun WithProcesses()
    {
        RunLog.Begin("whole process");
        using var folder = new TemporaryFolder();
        return this with
        {
            Processes = [.. Builds(folder).Select(build => Log.OrDefect("whole process", () => WholeProcess.Of(build))).OfType<WholeProcess>()],
            RProcess = LmerVersions is null ? null : Log.OrOmit<double?>("whole process, R", () => WholeProcess.OfR()),
        };
    }
    private IEnumerable<CommandBuild> Builds(TemporaryFolder folder) =>
        new[] { Log.OrOmit("native command", () => CommandBuild.Native(folder)), Log.OrDefect("whole process", CommandBuild.Compiled) }.OfType<CommandBuild>();
}
