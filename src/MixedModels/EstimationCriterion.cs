namespace MixedModels;

/// <summary>What a linear mixed model maximises.</summary>
public enum EstimationCriterion
{
    /// <summary>Restricted maximum likelihood: variance components free of the fixed effects' degrees of freedom (the default).</summary>
    Reml,

    /// <summary>Maximum likelihood, for comparing models that differ in their fixed part.</summary>
    MaximumLikelihood,
}
