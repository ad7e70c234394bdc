using System.Collections.Concurrent;
using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.Execution;
using MixedModels.Simulation;

namespace MixedModels.Inference.Bootstrap;

/// <summary>Does the replicates that are not done: each is drawn from its own random stream and fitted by whatever thread is free.</summary>
internal sealed class BootstrapRun
{
    /// <summary>The share of the machine's memory that the threads' storages may take together.</summary>
    private const double MemoryShare = 0.8;

    private readonly StandardizedData data;
    private readonly BootstrapDraws draws;
    private readonly LinearMixedModelFit fit;
    private readonly ConcurrentBag<CriterionProblem> idle = [];
    private readonly IProgress<BootstrapProgress>? progress;
    private readonly Lock reporting = new();
    private readonly LinearSimulator simulator;
    private readonly double[] start;
    private readonly IBootstrapStatistic statistic;
    private int done;
    private int failed;
    private int reported;

    private BootstrapRun(LinearMixedModelFit fit, IBootstrapStatistic statistic, BootstrapDraws draws, IProgress<BootstrapProgress>? progress)
    {
        (this.fit, this.statistic, this.draws, this.progress) = (fit, statistic, draws, progress);
        data = new(LinearData.From(fit.Design));
        simulator = fit.Simulator(new());
        var layout = new ThetaLayout(data.Data.Terms.Select(term => term.Structure));
        start = VanishedVariances.Enliven(CriterionProblem.Parameters(fit.Optimum), VanishedVariances.DiagonalEntries(layout), 1);
        (done, failed) = (draws.Completed, draws.Failures.Count);
    }

    /// <summary>Does what is left, until all is done or the run is cancelled.</summary>
    public static void Complete(
        LinearMixedModelFit fit,
        IBootstrapStatistic statistic,
        BootstrapDraws draws,
        int? threads,
        IProgress<BootstrapProgress>? progress,
        CancellationToken cancellationToken)
    {
        int[] left = [.. Enumerable.Range(0, draws.Count).Where(k => !draws.IsDone(k))];
        if (left.Length == 0) return;
        var run = new BootstrapRun(fit, statistic, draws, progress);
        using var team = new ThreadTeam(Math.Min(run.MostThreads(threads ?? Environment.ProcessorCount), left.Length));
        try
        {
            team.Run(left.Length, part => run.Replicate(left[part], cancellationToken));
        }
        finally
        {
            foreach (var problem in run.idle) problem.Dispose();
        }
    }

    private bool IsReml => fit.Criterion == EstimationCriterion.Reml;

    /// <summary>Every thread has a storage of its own; fewer threads give the same draws.</summary>
    private int MostThreads(int wanted)
    {
        if (data.Data.Terms.Count == 0) return wanted;
        var room = MemoryShare * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / BlockPlan.For(data.Data).Bytes;
        return Math.Max(1, (int)Math.Min(wanted, room));
    }

    private void Replicate(int replicate, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return;
        try
        {
            Refit(replicate, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is not done stays so; a later run takes it up.
            return;
        }

        Report();
    }

    private void Refit(int replicate, CancellationToken cancellationToken)
    {
        var response = new double[simulator.Rows];
        simulator.Draw(draws.Seed, replicate, response);
        var numbers = data.WithResponse(WithoutOffset(response));
        if (numbers.IsExactFit)
        {
            Fail(replicate, "The fixed effects reproduce the drawn response exactly.");
            return;
        }

        if (fit.Marginal?.Residual.Scales.Any(scale => scale.IsFitted) == true)
        {
            RefitToItsOwnFittedValues(replicate, response, cancellationToken);
            return;
        }

        var problem = Problem(numbers);
        var scores = BootstrapScores.Of(problem, fit.Optimum);
        var optimum = problem.Minimize(start, cancellationToken);
        if (optimum.Proved && double.IsFinite(optimum.Value)) draws.Succeed(replicate, statistic.Of(problem, optimum, response), scores);
        else Fail(replicate, FormattableString.Invariant($"No optimum was proved after {optimum.Evaluations} evaluations."));
        if (statistic.AllowsReuse) idle.Add(problem);
    }

    /// <summary>A variance function of the fitted values has its own fixed point for every response; there are no scores of it.</summary>
    private void RefitToItsOwnFittedValues(int replicate, double[] response, CancellationToken cancellationToken)
    {
        var refit = fit.Model.Fit(fit.Design.WithResponse(response), start: null, cancellationToken);
        if (refit.Convergence.Converged) draws.Succeed(replicate, statistic.Of(refit), []);
        else Fail(replicate, FormattableString.Invariant($"No optimum was proved after {refit.Optimum.Evaluations} evaluations."));
    }

    private void Fail(int replicate, string reason)
    {
        draws.Fail(replicate, reason);
        Interlocked.Increment(ref failed);
    }

    /// <summary>A problem that another replicate left, with this response; or one of its own, on one thread, as replicates share the processors.</summary>
    private CriterionProblem Problem(StandardizedData numbers)
    {
        if (!statistic.AllowsReuse) return CriterionProblem.For(numbers, fit.Marginal?.Residual, IsReml, threads: 1);
        if (!idle.TryTake(out var problem)) problem = CriterionProblem.For(data, fit.Marginal?.Residual, IsReml, threads: 1);
        problem.ReplaceResponse(numbers);
        return problem;
    }

    private double[] WithoutOffset(double[] response)
    {
        if (fit.Design.Offset.IsEmpty) return response;
        var rest = (double[])response.Clone();
        LinearAlgebra.Vectors.AddScaled(-1, fit.Design.Offset.Span, rest);
        return rest;
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
