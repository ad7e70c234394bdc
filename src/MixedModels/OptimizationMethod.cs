namespace MixedModels;

/// <summary>How the optimum is searched for. All reach the same one; the verdict on it is found in the same way.</summary>
public enum OptimizationMethod
{
    /// <summary>A trust region with the exact Hessian, or the average information where the Hessian is dear (the default).</summary>
    Newton,

    /// <summary>EM with sigma² profiled: slow, but the likelihood never falls. Source: Laird and Ware 1982; Liu and Rubin 1994.</summary>
    ExpectationMaximization,

    /// <summary>Parameter-expanded EM: as monotone and mostly faster. Source: Liu, Rubin and Wu 1998.</summary>
    ParameterExpandedEm,

    /// <summary>A simplex that compares values alone, as a cross-check of the derivatives. Source: Nelder and Mead 1965.</summary>
    DerivativeFree,
}
