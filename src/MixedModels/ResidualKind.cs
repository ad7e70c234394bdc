namespace MixedModels;

/// <summary>Which residuals.</summary>
public enum ResidualKind
{
    /// <summary>Response minus fitted value.</summary>
    Raw,

    /// <summary>Raw residual times the square root of the row's precision weight.</summary>
    Pearson,

    /// <summary>Pearson residual over sigma.</summary>
    Scaled,
}
