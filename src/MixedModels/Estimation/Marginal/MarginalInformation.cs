namespace MixedModels.Estimation.Marginal;

/// <summary>How the variance parameters move the deviance, sigma² = r²/nu held, and the covariance of the fixed effects. Immutable.</summary>
/// <param name="Hessian">K×K second derivatives of the deviance whose sigma² is held.</param>
/// <param name="Sizes">K positive numbers that its diagonal is judged by; 0 for a parameter that moves nothing.</param>
/// <param name="H">A parameter: [U e]'E_k[U e], (p + 1)×(p + 1), as in <see cref="MarginalDeviance"/>.</param>
internal sealed record MarginalInformation(double[] Hessian, double[] Sizes, double[][] H)
{
    /// <summary>The parameters that move V.</summary>
    public int[] Active => [.. Enumerable.Range(0, Sizes.Length).Where(k => Sizes[k] > 0)];
}
