namespace MixedModels.Estimation.Generalized;

/// <summary>Where the fixed effects of a generalized model are dealt with.</summary>
internal enum FixedEffectsPlace
{
    /// <summary>Parameters of the deviance, maximised with the others: maximum likelihood.</summary>
    Outer,

    /// <summary>Part of the inner search, at the joint mode with the random effects, and not integrated: an approximation, <c>--quadrature 0</c>.</summary>
    Inner,

    /// <summary>At the joint mode and integrated out with the random effects: restricted likelihood.</summary>
    Integrated,
}
