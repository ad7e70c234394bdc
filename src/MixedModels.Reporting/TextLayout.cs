namespace MixedModels.Reporting;

/// <summary>The page that a report's text is laid out for.</summary>
public sealed record TextLayout
{
    /// <summary>Its columns; tables are folded and sentences broken to fit them.</summary>
    public int Width { get; init; } = 100;

    /// <summary>Whether headings, severities and verdicts are coloured, by the escape sequences of ECMA-48 that terminals know.</summary>
    public bool HasColour { get; init; }
}
