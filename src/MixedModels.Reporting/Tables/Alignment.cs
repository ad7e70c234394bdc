namespace MixedModels.Reporting.Tables;

/// <summary>On which side of a column its cells stand.</summary>
internal enum Alignment
{
    /// <summary>Words.</summary>
    Left,

    /// <summary>Numbers.</summary>
    Right,
}
