namespace MixedModels.Inference;

/// <summary>The first-order dependence of Cov(delta) on the variance parameters, and their asymptotic covariance. Immutable.</summary>
/// <param name="Gradients">A parameter: dCov(delta), p×p.</param>
/// <param name="Covariance">k×k covariance of the parameters, twice the inverse Hessian of the deviance.</param>
/// <param name="IsDefinite">Whether the Hessian has no direction of negative curvature; else nothing can be said.</param>
/// <param name="HeldParameters">Parameters without variance, held as known.</param>
internal sealed record VarianceInformation(
    IReadOnlyList<double[]> Gradients, double[] Covariance, bool IsDefinite, int HeldParameters)
{
    /// <summary>A parameter that moves the fixed effects: ddelta, p. Sigma, last among the parameters where it is one, moves none and is left out.</summary>
    public required IReadOnlyList<double[]> Slopes { get; init; }
}
