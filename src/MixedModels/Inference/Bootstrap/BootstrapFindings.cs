namespace MixedModels.Inference.Bootstrap;

/// <summary>What a bootstrap says beside its intervals.</summary>
internal static class BootstrapFindings
{
    private const int MostNamed = 5;

    /// <summary>The findings of a run, for intervals of a level.</summary>
    public static IReadOnlyList<Finding> Of(BootstrapDraws draws, double level)
    {
        var findings = new List<Finding>();
        var (completed, failures, successes) = (draws.Completed, draws.Failures, draws.Successful().Count());
        if (completed < draws.Count)
        {
            findings.Add(new(
                "incomplete", FindingSeverity.Warning, $"{completed} of {draws.Count} replicates are done; the run was cancelled.", "Intervals rest on what is done.", "Go on from the saved run."));
        }

        if (failures.Count > 0) findings.Add(Failed(failures, completed));

        // The (B + 1)α-th smallest must be at least the first.
        var needed = (int)Math.Ceiling(2 / (1 - level)) - 1;
        if (successes < needed)
        {
            findings.Add(new(
                "few-replicates",
                FindingSeverity.Warning,
                FormattableString.Invariant($"{successes} draws are too few for intervals at level {level}: their ends are the extreme draws. At least {needed} are needed, and 1,000 or more for steady ends."),
                "",
                "Ask for more replicates."));
        }

        for (var k = 0; k < draws.Names.Count; k++)
        {
            var undefined = draws.Successful().Count(r => double.IsNaN(draws.Row(r)![k]));
            if (undefined == 0) continue;
            findings.Add(new(
                "undefined-draws",
                FindingSeverity.Note,
                $"{draws.Names[k]} is not defined in {undefined} of {successes} draws, which have no part in its interval.",
                "A correlation with an effect that has no variance is none.",
                ""));
        }

        return findings;
    }

    private static Finding Failed(IReadOnlyList<BootstrapFailure> failures, int completed)
    {
        var named = string.Join(", ", failures.Take(MostNamed).Select(failure => failure.Replicate + 1));
        var more = failures.Count > MostNamed ? $" and {failures.Count - MostNamed} more" : "";
        return new(
            "failed-replicates",
            FindingSeverity.Warning,
            $"{failures.Count} of {completed} refits failed: replicates {named}{more}. {failures[0].Reason}",
            "They have no part in the intervals, which are too narrow if failures are where estimates are extreme.",
            "Look at their responses: simulate with the same seed.");
    }
}
