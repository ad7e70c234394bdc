namespace MixedModels.Estimation.Generalized;

/// <summary>The optimum of a generalized deviance and what proves it.</summary>
/// <param name="Phi">theta, canonical, then beta where it is not inner, and psi, all in standardised coordinates.</param>
/// <param name="InnerBeta">Fixed effects at the joint mode, in standardised coordinates; empty where they are among the parameters.</param>
/// <param name="Value">−2 log-likelihood there.</param>
/// <param name="Hessian">Second derivatives there in phi.</param>
/// <param name="Iterations">Accepted steps.</param>
/// <param name="Evaluations">Evaluations, those of the Hessian included.</param>
/// <param name="GradientNorm">The Euclidean norm of the gradient.</param>
/// <param name="ConeEigenvalue">The least scaled eigenvalue of Gamma over the cones; null without random terms.</param>
/// <param name="FlatParameter">A parameter in whose direction the deviance is flat, or −1.</param>
/// <param name="Proved">Whether gradient and cone conditions hold.</param>
/// <param name="LowerElsewhere">A lower value that a search came to where the approximation has no minimum, because log-densities curve upwards there; null where none did.</param>
internal sealed record GeneralizedOptimum(
    double[] Phi, double[] InnerBeta, double Value, double[] Hessian, int Iterations, int Evaluations, double GradientNorm, double? ConeEigenvalue, int FlatParameter, bool Proved, double? LowerElsewhere = null);
