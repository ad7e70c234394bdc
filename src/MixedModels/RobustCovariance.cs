namespace MixedModels;

/// <summary>How the residuals of a cluster are adjusted in a sandwich covariance of the fixed effects.</summary>
public enum RobustAdjustment
{
    /// <summary>Not at all: Liang and Zeger (1986). Too small with few clusters.</summary>
    CR0,

    /// <summary>CR0 times m/(m − 1), m the number of clusters.</summary>
    CR1,

    /// <summary>Without bias where the model's own covariance is right: Bell and McCaffrey (2002), Pustejovsky and Tipton (2018).</summary>
    CR2,

    /// <summary>As a jackknife that leaves out one cluster at a time. Too large with few clusters.</summary>
    CR3,
}

/// <summary>
/// A cluster-robust covariance of the fixed effects, valid where the model's covariance of responses within clusters is wrong, as long as
/// clusters are independent.
/// </summary>
/// <param name="Adjustment">How residuals are adjusted.</param>
/// <param name="Cluster">
/// A grouping factor or a column of the fit's data whose levels or values are the clusters; null for the grouping factor that holds all others.
/// </param>
public sealed record RobustCovariance(RobustAdjustment Adjustment = RobustAdjustment.CR2, string? Cluster = null);
