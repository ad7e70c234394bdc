namespace MixedModels.Inference.Linear;

/// <summary>A direction in which the relative covariance G_t of one random term can move, and a curve of factors along it.</summary>
/// <param name="Term">The term t.</param>
/// <param name="dG">Its derivative of G_t, p_t×p_t.</param>
/// <param name="FactorAt">T_t (lower triangular) at h along the curve; T_tT_t' has the derivative dG at 0.</param>
/// <param name="Scale">The size of h that changes the covariance by its own size.</param>
internal sealed record VarianceDirection(int Term, double[] dG, Func<double, double[]> FactorAt, double Scale);
