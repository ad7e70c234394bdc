namespace MixedModels.Reporting.Pages;

/// <summary>What a report says beside the fit.</summary>
public sealed record ModelReportOptions
{
    /// <summary>The title; null for one made from the response.</summary>
    public string? Title { get; init; }

    /// <summary>The file the data came from, for the commands that make the fit again.</summary>
    public string DataName { get; init; } = "DATA.csv";

    /// <summary>
    /// The column that says which visit of a subject a row is, for the section on repeated measures; null for that of the residual structure, and no such
    /// section without one.
    /// </summary>
    public string? Visits { get; init; }
}
