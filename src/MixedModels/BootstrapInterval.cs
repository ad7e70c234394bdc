namespace MixedModels;

/// <summary>How an interval is made of bootstrap draws t* of a statistic with the estimate t.</summary>
public enum BootstrapInterval
{
    /// <summary>The quantiles of t* themselves.</summary>
    Percentile,

    /// <summary>The quantiles of t* − t turned around t: from 2t − the upper one to 2t − the lower one.</summary>
    Basic,

    /// <summary>Quantiles of t* moved for bias and acceleration (BCa). Source: Efron 1987.</summary>
    BiasCorrected,
}
