namespace MixedModels;

/// <summary>What the estimates of contrasts of marginal means are.</summary>
public enum ContrastKind
{
    /// <summary>Weighted sums of the means on the scale they are compared on; of two means, their difference.</summary>
    Difference,

    /// <summary>exp of a weighted sum of logarithms; of two means, their ratio.</summary>
    Ratio,

    /// <summary>exp of a weighted sum of log-odds; of two means, the ratio of their odds.</summary>
    OddsRatio,
}
