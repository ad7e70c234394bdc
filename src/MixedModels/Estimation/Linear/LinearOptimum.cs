namespace MixedModels.Estimation.Linear;

/// <summary>The optimum of a deviance and what proves it.</summary>
/// <param name="Theta">The parameters in standardised coordinates, canonical.</param>
/// <param name="Value">The deviance there.</param>
/// <param name="Iterations">Accepted steps.</param>
/// <param name="Evaluations">Evaluations.</param>
/// <param name="GradientNorm">The Euclidean norm of the gradient in standardised parameters.</param>
/// <param name="ConeEigenvalue">The least scaled eigenvalue of Gamma over the cones; null without random terms.</param>
/// <param name="FlatParameter">A parameter in whose direction the deviance is flat though its term is not singular, or −1.</param>
/// <param name="Proved">Whether gradient and cone conditions hold.</param>
internal sealed record LinearOptimum(
    double[] Theta, double Value, int Iterations, int Evaluations, double GradientNorm, double? ConeEigenvalue, int FlatParameter, bool Proved)
{
    /// <summary>The residuals' covariance parameters; empty for independent residuals.</summary>
    public double[] Phi { get; init; } = [];

    /// <summary>Whether the deviance is flat in a direction of the residuals' parameters.</summary>
    public bool IsResidualFlat { get; init; }

    /// <summary>n fitted values at which a variance function of them stopped changing; empty without one.</summary>
    public double[] FittedCovariate { get; init; } = [];
}
