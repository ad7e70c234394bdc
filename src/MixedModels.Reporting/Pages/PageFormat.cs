namespace MixedModels.Reporting.Pages;

/// <summary>How a report page is written.</summary>
public enum PageFormat
{
    /// <summary>One self-contained file with figures.</summary>
    Html,

    /// <summary>Headings and pipe tables; figures in words.</summary>
    Markdown,

    /// <summary>A LaTeX document; figures in words.</summary>
    Latex,

    /// <summary>One JSON value with tables in full precision and figures as SVG.</summary>
    Json,
}
