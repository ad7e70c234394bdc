namespace MixedModels.Reporting;

/// <summary>How a report is written.</summary>
public enum ReportFormat
{
    /// <summary>For a terminal: aligned columns, rounded for reading.</summary>
    Text,

    /// <summary>One JSON value in full precision; a missing or infinite number is <c>null</c>.</summary>
    Json,

    /// <summary>One table of comma-separated values with a header line, in full precision; a missing number is <c>NA</c>.</summary>
    Csv,

    /// <summary>Headings and pipe tables, rounded for reading.</summary>
    Markdown,
}
