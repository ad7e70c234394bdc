using MixedModels.Execution;

namespace MixedModels.Inference.Bootstrap;

/// <summary>Does the replicates that are not done: each is drawn from its own random stream and fitted by whatever thread is free.</summary>
internal sealed class BootstrapRun
{
    /// <summary>The share of the machine's memory that the threads' storages may take together.</summary>
    private const double MemoryShare = 0.8;

    private readonly BootstrapDraws draws;
    private readonly IProgress<BootstrapProgress>? progress;
    private readonly BootstrapReplicates replicates;
    private readonly Lock reporting = new();
    private int done;
    private int failed;
    private int reported;

    private BootstrapRun(BootstrapReplicates replicates, BootstrapDraws draws, IProgress<BootstrapProgress>? progress)
    {
        (this.replicates, this.draws, this.progress) = (replicates, draws, progress);
        (done, failed) = (draws.Completed, draws.Failures.Count);
    }

    /// <summary>Does what is left, until all is done or the run is cancelled.</summary>
    public static void Complete(
        BootstrapReplicates replicates, BootstrapDraws draws, int? threads, IProgress<BootstrapProgress>? progress, CancellationToken cancellationToken)
    {
        int[] left = [.. Enumerable.Range(0, draws.Count).Where(k => !draws.IsDone(k))];
        if (left.Length == 0) return;
        var run = new BootstrapRun(replicates, draws, progress);
        using var team = new ThreadTeam(Math.Min(run.MostThreads(threads ?? Environment.ProcessorCount), left.Length));
        team.Run(left.Length, part => run.Replicate(left[part], cancellationToken));
    }

    /// <summary>Every thread has a storage of its own; fewer threads give the same draws.</summary>
    private int MostThreads(int wanted)
    {
        if (replicates.BytesOfOne is not (> 0 and var bytes)) return wanted;
        var room = MemoryShare * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / bytes;
        return Math.Max(1, (int)Math.Min(wanted, room));
    }

    private void Replicate(int replicate, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return;
        try
        {
            var made = replicates.Make(draws.Seed, replicate, cancellationToken);
            if (made.Row is { } row) draws.Succeed(replicate, row, made.Scores);
            else Fail(replicate, made.Failure!);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is not done stays so; a later run takes it up.
            return;
        }

        Report();
    }

    private void Fail(int replicate, string reason)
    {
        draws.Fail(replicate, reason);
        Interlocked.Increment(ref failed);
    }

    /// <summary>A hundred reports at most.</summary>
    private void Report()
    {
        var now = Interlocked.Increment(ref done);
        if (progress is null) return;
        lock (reporting)
        {
            var percent = (int)(100L * now / draws.Count);
            if (percent <= reported && now < draws.Count) return;
            reported = percent;
            progress.Report(new(now, draws.Count, Volatile.Read(ref failed)));
        }
    }
}
