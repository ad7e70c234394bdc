using System.Globalization;
using MixedModels.Data;
using MixedModels.LinearAlgebra;
using MixedModels.Reporting.Plots;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting.Pages;

/// <summary>The part of a report on repeated measures: visits and the missing ones, means by visit and arm, covariances over visits, contrasts of arms.</summary>
internal static class VisitSection
{
    private const double Level = 0.95;

    /// <summary>The section; null where the fit has no visits.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="visits">The column that says which visit a row is; null for that of the residual structure.</param>
    public static PageSection? Of(IInspectedFit fit, string? visits)
    {
        if (VisitPattern.Of(fit.Fit, visits) is not { } pattern) return null;
        var arm = Arm(fit, pattern);
        var blocks = new List<PageBlock>();
        blocks.AddRange(Seen(fit, pattern, arm));
        blocks.AddRange(Means(fit, pattern, arm));
        blocks.AddRange(Covariances(fit, pattern));
        return new("Visits", blocks);
    }

    /// <summary>The factor between subjects that the visits are compared by: one that a term has together with the visits, else the first; null for none.</summary>
    private static FactorColumn? Arm(IInspectedFit fit, VisitPattern pattern)
    {
        var rows = fit.Design.Rows.ToArray();
        bool IsBetweenSubjects(FactorColumn factor) => Enumerable.Range(0, rows.Length)
            .GroupBy(r => pattern.SubjectOfRow.Span[r]).All(subject => subject.Select(r => factor.Codes.Span[rows[r]]).Distinct().Count() == 1);
        bool MeetsVisits(FactorColumn factor) => fit.Design.Fixed.Terms.Any(term =>
            term.Variables.Any(variable => variable.Sources.Contains(factor.Name, StringComparer.Ordinal)) && term.Variables.Any(variable => variable.Sources.Contains(pattern.Visit, StringComparer.Ordinal)));
        return fit.Factors().Where(name => !string.Equals(name, pattern.Visit, StringComparison.Ordinal) && !string.Equals(name, pattern.Subject, StringComparison.Ordinal))
            .Select(name => (FactorColumn)fit.Design.Data[name]).Where(IsBetweenSubjects)
            .OrderByDescending(MeetsVisits).FirstOrDefault();
    }

    private static IEnumerable<PageBlock> Seen(IInspectedFit fit, VisitPattern pattern, FactorColumn? arm)
    {
        var (subjects, visits) = (pattern.Subjects.Count, pattern.Visits.Count);
        int[] armOfSubject = new int[subjects];
        for (var r = 0; arm is not null && r < pattern.SubjectOfRow.Length; r++) armOfSubject[pattern.SubjectOfRow.Span[r]] = arm.Codes.Span[fit.Design.Rows.Span[r]];
        yield return new TableBlock($"Subjects ({pattern.Subject}) seen at each visit ({pattern.Visit})", VisitTables.Seen(pattern, arm?.Levels ?? [], armOfSubject));
        var complete = Enumerable.Range(0, subjects).Count(subject => Enumerable.Range(0, visits).All(visit => pattern.IsSeen(subject, visit)));
        var stopped = Enumerable.Range(0, subjects).Count(pattern.IsMonotone) - complete;
        if (complete == subjects)
        {
            yield return new ParagraphBlock("Every subject was seen at every visit.");
            yield break;
        }

        yield return new ParagraphBlock(string.Create(
            CultureInfo.InvariantCulture,
            $"Of {subjects} subjects {complete} were seen at every visit, {stopped} from the first to some visit and not after it, {subjects - complete - stopped} with gaps. Subjects without any row in the fit are not among them. The estimates hold for all visits if whether one is missing depends only on what was seen before and on what the model holds (docs/missing-data.md)."));
        var patterns = VisitTables.Patterns(pattern, out var more);
        yield return new TableBlock($"Patterns, visits from {pattern.Visits[0]} to {pattern.Visits[^1]}: x seen, – missing{(more > 0 ? $"; {more} rarer ones are not shown" : "")}", patterns);
    }

    private static IEnumerable<PageBlock> Means(IInspectedFit fit, VisitPattern pattern, FactorColumn? arm)
    {
        if (Estimated(fit, pattern, arm) is not { } means)
        {
            yield return new ParagraphBlock($"The fixed part does not depend on {pattern.Visit}, so there are no means by visit.");
            yield break;
        }

        var rows = means.ToArray();
        (int Visit, int Arm) Place(MarginalMean mean) => (VisitOf(pattern, mean.Levels[pattern.Visit]), arm is null ? -1 : arm.Levels.ToList().IndexOf(mean.Levels[arm.Name]));
        double[][] observed = [.. rows.Select(mean => Observed(fit, pattern, arm, Place(mean)))];
        var columns = new List<ResultColumn> { new TextColumn(pattern.Visit, [.. rows.Select(mean => mean.Levels[pattern.Visit])]) };
        if (arm is not null) columns.Add(new TextColumn(arm.Name, [.. rows.Select(mean => mean.Levels[arm.Name])]));
        double?[] errors = [.. rows.Select(mean => (double?)mean.StandardError)];
        columns.Add(new NumberColumn("n", [.. observed.Select(values => (double?)values.Length)], new DecimalsLayout(0)));
        columns.Add(new NumberColumn("Observed mean", [.. observed.Select(values => values.Length > 0 ? values.Average() : (double?)null)], new SignificantLayout(errors)));
        columns.Add(new NumberColumn("SD", [.. observed.Select(Deviation)], new SignificantLayout()));
        columns.Add(new NumberColumn("Model mean", [.. rows.Select(mean => (double?)fit.MeanOf(mean.Estimate))], new SignificantLayout(errors)));
        columns.Add(new NumberColumn("Lower 95 %", [.. rows.Select(mean => (double?)Math.Min(fit.MeanOf(mean.Lower), fit.MeanOf(mean.Upper)))], new SignificantLayout(errors)));
        columns.Add(new NumberColumn("Upper 95 %", [.. rows.Select(mean => (double?)Math.Max(fit.MeanOf(mean.Lower), fit.MeanOf(mean.Upper)))], new SignificantLayout(errors)));
        yield return new TableBlock($"Means of {PlotWords.ResponseInSentence(fit)} by visit{(arm is null ? "" : $" and {arm.Name}")}", new(columns));
        yield return new ParagraphBlock($"Observed means are of those seen; the model's are of all, other factors averaged and covariates at their mean{(means.Averaged.Count == 0 ? "" : $" ({string.Join(", ", means.Averaged)})")}. Where the two part, those who were missed differed, or the model's course over the visits does.");
        if (arm is null || arm.Levels.Count < 2) yield break;
        foreach (var block in Contrasts(fit, pattern, arm)) yield return block;
    }

    private static IEnumerable<PageBlock> Contrasts(IInspectedFit fit, VisitPattern pattern, FactorColumn arm)
    {
        var byVisit = fit.Fit.MarginalMeans([arm.Name], [pattern.Visit], Options(fit, pattern));
        var contrasts = byVisit.Contrast("trt.vs.ctrl", byVisit.Select(mean => mean.Levels[arm.Name]).Distinct(StringComparer.Ordinal).Count() == 2 ? Adjustment.None : null);
        double?[] errors = [.. contrasts.Select(row => (double?)row.StandardError)];
        var columns = new List<ResultColumn>
        {
            new TextColumn(pattern.Visit, [.. contrasts.Select(row => row.Levels[pattern.Visit])]),
            new TextColumn("Contrast", [.. contrasts.Select(row => row.Contrast)]),
            new NumberColumn("Estimate", [.. contrasts.Select(row => (double?)row.Estimate)], new SignificantLayout(errors)),
            new NumberColumn("Std. error", errors, new SignificantLayout()),
            new NumberColumn("Lower 95 %", [.. contrasts.Select(row => (double?)row.Lower)], new SignificantLayout(errors)),
            new NumberColumn("Upper 95 %", [.. contrasts.Select(row => (double?)row.Upper)], new SignificantLayout(errors)),
            new NumberColumn("p", [.. contrasts.Select(row => (double?)row.PValue)], new ProbabilityLayout()),
        };
        yield return new TableBlock(
            $"Differences from {arm.Levels[0]} at each visit{(fit.Generalized is null ? "" : $", on the scale of the {fit.Generalized.Family.Link.Name} link")}{(contrasts.Adjustment == Adjustment.None ? "" : $" (adjusted within a visit: {contrasts.Adjustment})")}", new(columns));
        if (fit.Factors().Contains(pattern.Visit, StringComparer.Ordinal))
            yield return new FigureBlock(new MeansPlot().Draw(fit, new() { Over = pattern.Visit, By = arm.Name }));
    }

    private static IEnumerable<PageBlock> Covariances(IInspectedFit fit, VisitPattern pattern)
    {
        if (fit.Linear is not { } linear) yield break;
        foreach (var group in linear.Residual?.Groups ?? [])
        {
            var covariance = Product(group.StandardDeviations, group.Correlations);
            var where = group.Group.Length > 0 ? $" in {group.Group}" : "";
            yield return new TableBlock($"R: estimated covariance of the residuals over visits{where}", VisitTables.Triangle(group.Visits, covariance, new SignificantLayout()));
            yield return new TableBlock($"R as correlations{where}", VisitTables.Triangle(group.Visits, group.Correlations, new DecimalsLayout(3)));
        }

        if (linear.RandomTerms.Count == 0)
        {
            if (linear.Residual is not null) yield return new ParagraphBlock("There are no random effects, so R is V, the covariance of the responses.");
            yield break;
        }

        var subject = Enumerable.Range(0, pattern.Subjects.Count).MaxBy(own => Enumerable.Range(0, pattern.Visits.Count).Count(visit => pattern.IsSeen(own, visit)));
        if (Marginal(linear, pattern, subject) is not var (visits, V)) yield break;
        yield return new TableBlock($"V: estimated covariance of the responses of {pattern.Subject} {pattern.Subjects[subject]}, random effects and residuals together", VisitTables.Triangle(visits, V.Values, new SignificantLayout()));
        yield return new TableBlock("V as correlations", VisitTables.Triangle(visits, V.Correlations, new DecimalsLayout(3)));
    }

    private static (string[] Visits, MarginalCovariance V)? Marginal(LinearMixedModelFit fit, VisitPattern pattern, int subject)
    {
        var V = fit.MarginalCovariance(pattern.Subject, pattern.Subjects[subject]);
        var visitOf = new Dictionary<int, int>();
        for (var r = 0; r < pattern.VisitOfRow.Length; r++) visitOf[fit.Design.Rows.Span[r]] = pattern.VisitOfRow.Span[r];

        // Rows of one visit more than once have no place in a matrix over visits.
        int[] visits = [.. V.Rows.Select(row => visitOf[row])];
        return visits.Distinct().Count() == visits.Length ? ([.. visits.Select(visit => pattern.Visits[visit])], V) : null;
    }

    /// <summary>The means over visits and arms; null where the fixed part does not hold the visits, or they cannot be had.</summary>
    private static MarginalMeanTable? Estimated(IInspectedFit fit, VisitPattern pattern, FactorColumn? arm)
    {
        if (!fit.Factors().Concat(fit.Covariates()).Contains(pattern.Visit, StringComparer.Ordinal)) return null;
        return fit.Fit.MarginalMeans(arm is null ? [pattern.Visit] : [arm.Name, pattern.Visit], [], Options(fit, pattern));
    }

    private static MarginalMeansOptions Options(IInspectedFit fit, VisitPattern pattern)
    {
        var options = new MarginalMeansOptions { Level = Level };
        return fit.Factors().Contains(pattern.Visit, StringComparer.Ordinal)
            ? options
            : options with { At = new Dictionary<string, IReadOnlyList<double>>(StringComparer.Ordinal) { [pattern.Visit] = [.. pattern.Visits.Select(visit => double.Parse(visit, CultureInfo.InvariantCulture))] } };
    }

    private static double[] Observed(IInspectedFit fit, VisitPattern pattern, FactorColumn? arm, (int Visit, int Arm) place) =>
    [
        .. Enumerable.Range(0, fit.Design.Observations)
            .Where(r => pattern.VisitOfRow.Span[r] == place.Visit && (arm is null || arm.Codes.Span[fit.Design.Rows.Span[r]] == place.Arm))
            .Select(r => fit.Responses.Span[r]),
    ];

    private static int VisitOf(VisitPattern pattern, string name) => pattern.Visits.ToList().IndexOf(name);

    private static double? Deviation(double[] values)
    {
        if (values.Length < 2) return null;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1));
    }

    private static Matrix Product(IReadOnlyList<double> deviations, Matrix correlations) =>
        Matrix.FromRows([.. Enumerable.Range(0, deviations.Count).Select(i => (IReadOnlyList<double>)[.. Enumerable.Range(0, deviations.Count).Select(j => deviations[i] * deviations[j] * (i == j ? 1 : correlations[i, j]))])]);
}
