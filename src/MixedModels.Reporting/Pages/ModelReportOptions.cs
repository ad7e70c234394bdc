namespace MixedModels.Reporting.Pages;

/// <summary>What a report says beside the fit.</summary>
public sealed record ModelReportOptions
{
    /// <summary>The title; null for one made from the response.</summary>
    public string? Title { get; init; }

    /// <summary>The file the data came from, for the commands that make the fit again.</summary>
    public string DataName { get; init; } = "DATA.csv";
}
