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

    /// <summary>
    /// Residual made standard and uncorrelated by the residual covariance, R^(−1/2)(y − fitted), as nlme's <c>type = "normalized"</c>.
    /// Where residuals are independent, these are the scaled ones.
    /// </summary>
    Normalized,

    /// <summary>Response minus X beta minus offset: the random effects are still in it, its covariance is the marginal one.</summary>
    Marginal,
}
