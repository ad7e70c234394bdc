using MixedModels.Optimization;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The profiled deviance of a Gaussian model in the parameters psi of its covariance, of random effects first (theta), then of residuals (phi). A
/// workspace of one thread.
/// </summary>
internal interface IProfiledCriterion : ISmoothObjective
{
    /// <summary>Where each random term's parameters stand.</summary>
    ThetaLayout Layout { get; }

    /// <summary>Whether the criterion is the restricted one.</summary>
    bool Reml { get; }

    /// <summary>n under ML, n − p under REML.</summary>
    int nu { get; }

    /// <summary>r² at the last evaluation, standardised.</summary>
    double r2 { get; }

    /// <summary>p standardised fixed effects at the last evaluation.</summary>
    double[] beta { get; }

    /// <summary>d(psi); NaN where it is not defined.</summary>
    double Value(ReadOnlySpan<double> psi);

    /// <summary>The same, where a factor of the same covariances in other parameters will do, whose last bits differ.</summary>
    double ValueAtCovariances(ReadOnlySpan<double> psi) => Value(psi);

    /// <summary>The derivatives in psi of the deviance whose sigma² is held, at the last evaluation.</summary>
    /// <param name="psi">Its parameters.</param>
    /// <param name="kappa">1/sigma², standardised.</param>
    HeldSigmaDerivatives HoldSigma(ReadOnlySpan<double> psi, double kappa);
}

/// <summary>Derivatives of D(psi) = log|V| + [REML: log|X'V⁻¹X|] + kappa r² + nu log(2π/kappa).</summary>
/// <param name="Gradient">k first derivatives.</param>
/// <param name="Hessian">k×k second ones.</param>
/// <param name="Rho">k first derivatives of r².</param>
internal sealed record HeldSigmaDerivatives(double[] Gradient, double[] Hessian, double[] Rho);
