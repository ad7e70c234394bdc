namespace MixedModels.Inference;

/// <summary>
/// The matrices of Kenward and Roger (1997) for r variance parameters, in the coordinates delta. Immutable.
/// </summary>
/// <param name="Phi">Cov(delta) = Phi times the identity.</param>
/// <param name="P">A parameter: P_i = −X'V⁻¹V_iV⁻¹X, p×p.</param>
/// <param name="Q">Parameters i and j at i + j·r: Q_ij = X'V⁻¹V_iV⁻¹V_jV⁻¹X, p×p.</param>
/// <param name="W">r×r asymptotic covariance of the parameters.</param>
/// <param name="IsDefinite">Whether the information is positive definite; else nothing can be said.</param>
/// <param name="HeldParameters">Directions without variance, held as known.</param>
internal sealed record KenwardRogerPieces(
    double Phi, IReadOnlyList<double[]> P, IReadOnlyList<double[]> Q, double[] W, bool IsDefinite, int HeldParameters)
{
    /// <summary>Σ W_ij X'V⁻¹V_ijV⁻¹X in the parameters that the second derivatives V_ij are taken in, p×p; empty where V is linear in them.</summary>
    public double[] Curvature { get; init; } = [];
}
