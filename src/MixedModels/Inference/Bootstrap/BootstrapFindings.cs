namespace MixedModels.Inference.Bootstrap;

/// <summary>What a bootstrap says beside its intervals.</summary>
internal static class BootstrapFindings
{
    private const int MostNamed = 5;

    /// <summary>The findings of a run, for intervals of a level.</summary>
    public static IReadOnlyList<Finding> Of(BootstrapDraws draws, double level)
    {
        var findings = new List<Finding>();
        var (completed, successes) = (draws.Completed, draws.Successful().Count());
        var failures = draws.Failures.ToLookup(failure => failure.IsSeparated);
        if (completed < draws.Count)
        {
            findings.Add(new(
                "incomplete", FindingSeverity.Warning, $"{completed} of {draws.Count} replicates are done; the run was cancelled.", "Intervals rest on what is done.", "Go on from the saved run."));
        }

        if (failures[true].Any()) findings.Add(Separated([.. failures[true]], completed, level));
        if (failures[false].Any()) findings.Add(Failed([.. failures[false]], completed));

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

    private static Finding Separated(IReadOnlyList<BootstrapFailure> failures, int completed, double level)
    {
        var share = failures.Count / (double)completed;
        return new(
            "separated-replicates",
            share > 0.5 * (1 - level) ? FindingSeverity.Problem : FindingSeverity.Warning,
            FormattableString.Invariant($"{failures.Count} of {completed} draws ({100 * share:0.##} %) are separated, first replicate {failures[0].Replicate + 1}: {failures[0].Reason[BootstrapFailure.Separated.Length..]}"),
            "They have no estimate and no part in the intervals, means and deviations, which are too short on the side to which the coefficient runs; where they are more than a tail of the interval, that end is infinite.",
            "Take profile intervals (--method profile), merge small categories, or report the share.");
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
