namespace MixedModels.Reporting;

/// <summary>The summary of a fit for people.</summary>
public static class FitSummary
{
    /// <summary>
    /// What was fitted and to what, the criterion, the variance components, the fixed effects, whether the optimum is proved, and what
    /// the fit found out about itself: text for a terminal, lines ended by <c>\n</c>, wrapped at 100 columns.
    /// </summary>
    /// <param name="fit">The fit.</param>
    /// <exception cref="ArgumentNullException">There is no fit.</exception>
    public static string Summary(this IMixedModelFit fit) => new FitReport(fit).ToString(ReportFormat.Text);
}
