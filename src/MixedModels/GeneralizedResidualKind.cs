namespace MixedModels;

/// <summary>Which residuals of a generalized model.</summary>
public enum GeneralizedResidualKind
{
    /// <summary>Response minus fitted value; of a proportion, successes over trials.</summary>
    Response,

    /// <summary>Response residual over the root of its variance given the random effects.</summary>
    Pearson,

    /// <summary>The signed root of the unit deviance.</summary>
    Deviance,

    /// <summary>
    /// The normal quantile of the response's probability given the random effects, drawn uniformly between P(Y &lt; y) and P(Y ≤ y) where it is
    /// discrete. Standard normal where the model is right. Source: Dunn and Smyth 1996, Journal of Computational and Graphical Statistics 5, 236–244.
    /// </summary>
    RandomizedQuantile,
}
