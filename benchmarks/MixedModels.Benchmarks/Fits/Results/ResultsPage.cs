using System.Text;
using MixedModels.Persistence;
using static System.FormattableString;

namespace MixedModels.Benchmarks.Fits.Results;

/// <summary>The page of a run, in Markdown.</summary>
internal static class ResultsPage
{
    // The average of the last minute; building the benchmarks leaves some of it.
    private const double BusyLoad = 1;

    public static string Write(FitsRun run, Machine machine, DateOnly date)
    {
        var page = new StringBuilder();
        AppendHead(page, run, machine, date);
        Append(page, "Times", "The time of a fit is that of design and fit together, as lme4's is; reading the data is no part of it.", Times(run));
        Append(page, "Optima", "The criterion is −2 × the restricted log-likelihood of a linear model, −2 × the log-likelihood by Laplace's approximation of a generalized one.", Optima(run));
        Append(page, "Reading and memory", "The most a process held: the runtime, the data as read and one fit; for R the packages, the data and its fits.", Memory(run));
        Append(page, "After the fit", "Medians; what they ask of a fit is in the catalogue.", FollowUps(run));
        Append(
            page,
            "Whole process",
            Invariant($"sleepstudy from a file to the printed fit, medians of {WholeProcess.Count} processes; R loads lme4 and prints `summary`."),
            Processes(run));
        Append(
            page,
            "MixedModels.jl's evaluation, re-created",
            "Cross products and search of blocked_cholesky.cpp, without model construction, garbage collection and compilation: a lower bound of Julia's time.",
            JuliaLike(run));
        AppendOmissions(page, run);
        return page.ToString();
    }

    private static void AppendHead(StringBuilder page, FitsRun run, Machine machine, DateOnly date)
    {
        page.Append(Invariant($"# Whole fits on {machine.Cpu}\n\n"));
        page.Append(Invariant($"* {date:yyyy-MM-dd}, MixedModels {LibraryVersion.Text}\n"));
        page.Append(Invariant($"* {machine.Cores} cores, {machine.Vectors}, {machine.System}\n"));
        if (machine.Load is { } load) page.Append(Invariant($"* load before the run {load:F1}{(load >= BusyLoad ? ": **others were at work, so that the figures say little**" : "")}\n"));
        page.Append(Invariant($"* SDK {machine.Sdk}, {machine.Runtime}\n"));
        if (run.LmerVersions is { } versions) page.Append(Invariant($"* {versions} on all cores\n"));
        page.Append(Invariant($"* at least {Repetitions(run.Repetitions)}, each fit and its peer directly one after the other\n"));
        if (run.Repetitions < 3) page.Append("* **fewer than three repetitions: a check that it works, no measurement**\n");
    }

    private static string Repetitions(int count) => count == 1 ? "1 repetition" : Invariant($"{count} repetitions");

    private static PageTable Times(FitsRun run)
    {
        var table = new PageTable("fit", "rows", "first in the process", "design", "fit", "design and fit", "repetitions", "reach", "of reach", "lme4", "repetitions", "lme4 / ours", "glmmTMB", "glmmTMB / ours");
        foreach (var (entry, ours, lmer, tmb) in run.Results.Select(result => (result.Case, result.Ours, result.Lmer, result.Tmb)))
        {
            table.Add(
                entry.Title,
                Quantity.Count(ours.Rows),
                Quantity.Seconds(ours.ColdDesign + ours.ColdFit),
                Quantity.Seconds(ours.Design),
                Quantity.Seconds(ours.Fit),
                Quantity.Seconds(ours.Both),
                Quantity.Count(ours.Repetitions),
                Reach(entry),
                Quantity.Ratio(ours.Both / entry.Reach) + (entry.ReachOfFit is { } fit ? $", fit {Quantity.Ratio(ours.Fit / fit)}" : ""),
                Quantity.Seconds(lmer?.Seconds),
                Quantity.Count(lmer?.Repetitions),
                Quantity.Ratio(lmer?.Seconds / ours.Both),
                Quantity.Seconds(tmb?.Seconds),
                Quantity.Ratio(tmb?.Seconds / ours.Both));
        }

        return table;
    }

    private static string Reach(FitCase entry) =>
        Quantity.Seconds(entry.Reach) + (entry.ReachOfFit is { } fit ? $", fit {Quantity.Seconds(fit)}" : "");

    private static PageTable Optima(FitsRun run)
    {
        var table = new PageTable("fit", "verdict", "criterion", "− lme4's", "− glmmTMB's", "− reference's", "evaluations", "steps", "gradient", "fit / evaluations", "lme4's evaluations");
        foreach (var (entry, ours, lmer, tmb) in run.Results.Select(result => (result.Case, result.Ours, result.Lmer, result.Tmb)))
        {
            table.Add(
                entry.Title,
                ours.Verdict.ToString(),
                Invariant($"{ours.Deviance:F4}"),
                Quantity.Difference(ours.Deviance - lmer?.Deviance),
                Quantity.Difference(ours.Deviance - tmb?.Deviance),
                Quantity.Difference(entry.Reference is { } id ? ours.Deviance - ReferenceCriterion.Of(id) : null),
                Quantity.Count(ours.Evaluations),
                Quantity.Count(ours.Iterations),
                Invariant($"{ours.GradientNorm:0.0e+0}"),
                Quantity.Seconds(ours.Fit / ours.Evaluations),
                Quantity.Count(lmer?.Evaluations));
        }

        return table;
    }

    private static PageTable Memory(FitsRun run)
    {
        var table = new PageTable("fit", "reading", "peak", "lme4's peak");
        foreach (var (entry, ours, lmer) in run.Results.Select(result => (result.Case, result.Ours, result.Lmer)))
            table.Add(entry.Title, Quantity.Seconds(ours.Read), Quantity.Megabytes(ours.PeakBytes), Quantity.Megabytes(lmer?.PeakBytes));
        return table;
    }

    private static PageTable FollowUps(FitsRun run)
    {
        var table = new PageTable("what", "time", "repetitions", "reach", "of reach", "peer", "its time", "its / ours");
        foreach (var result in run.Results)
        {
            for (var k = 0; k < result.Case.FollowUps.Count; k++)
            {
                var (followUp, ours) = (result.Case.FollowUps[k], result.Ours.FollowUps[k]);
                var theirs = result.LmerFollowUps.ElementAtOrDefault(k);
                table.Add(
                    $"{result.Case.Name}: {followUp.Title}",
                    Quantity.Seconds(ours.Seconds),
                    Quantity.Count(ours.Repetitions),
                    Quantity.Seconds(followUp.Reach),
                    Quantity.Ratio(ours.Seconds / followUp.Reach),
                    theirs is null ? "–" : followUp.PeerName,
                    Quantity.Seconds(theirs),
                    Quantity.Ratio(theirs / ours.Seconds));
            }
        }

        return table;
    }

    private static PageTable Processes(FitsRun run)
    {
        var table = new PageTable("`mixed fit` as", "median", "first run ever", "reach", "of reach", "peak", "R", "R / ours");
        foreach (var process in run.Processes)
        {
            table.Add(
                process.Build,
                Quantity.Seconds(process.Median),
                Quantity.Seconds(process.First),
                Quantity.Seconds(WholeProcess.Reach),
                Quantity.Ratio(process.Median / WholeProcess.Reach),
                Quantity.Megabytes(process.PeakBytes),
                Quantity.Seconds(run.RProcess),
                Quantity.Ratio(run.RProcess / process.Median));
        }

        return table;
    }

    private static PageTable JuliaLike(FitsRun run)
    {
        var table = new PageTable("fit", "time", "repetitions", "evaluations", "criterion, ours − its", "its / ours");
        foreach (var result in run.Results)
        {
            if (result.JuliaLike is not { } julia) continue;
            table.Add(
                result.Case.Title,
                Quantity.Seconds(julia.Seconds),
                Quantity.Count(julia.Repetitions),
                Quantity.Count(julia.Evaluations),
                julia.IsSameModel ? Quantity.Difference(result.Ours.Deviance - julia.Deviance) : "one covariate more",
                Quantity.Ratio(julia.Seconds / result.Ours.Both));
        }

        return table;
    }

    private static void Append(StringBuilder page, string title, string note, PageTable table)
    {
        if (!table.IsEmpty) page.Append($"\n## {title}\n\n{note}\n\n{table}");
    }

    private static void AppendOmissions(StringBuilder page, FitsRun run)
    {
        AppendList(page, "Wrong", run.Log.Defects);
        AppendList(page, "Left out", run.Log.Omissions);
    }

    private static void AppendList(StringBuilder page, string title, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0) return;
        page.Append($"\n## {title}\n\n");
        foreach (var line in lines) page.Append($"* {line}\n");
    }
}
