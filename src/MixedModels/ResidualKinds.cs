using MixedModels.Estimation.Marginal;

namespace MixedModels;

/// <summary>Residuals of a fit whose residuals are dependent or of unequal variance.</summary>
internal static class ResidualKinds
{
    /// <summary>Residuals, one a used row.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="marginal">Its residuals' covariance.</param>
    /// <param name="residualsOf">n means that the responses are compared with.</param>
    /// <param name="sigma">The engine's residual standard deviation.</param>
    /// <param name="kind">Pearson (times the root of the weight), scaled (over the row's standard deviation) or normalised (R⁻½).</param>
    public static double[] Of(LinearMixedModelFit fit, MarginalEstimate marginal, double[] residualsOf, double sigma, ResidualKind kind)
    {
        var residuals = fit.Design.Response.ToArray();
        for (var r = 0; r < residuals.Length; r++)
        {
            residuals[r] = (residuals[r] - residualsOf[r]) * (fit.Design.Weights.IsEmpty ? 1 : Math.Sqrt(fit.Design.Weights.Span[r]));
            if (kind == ResidualKind.Scaled) residuals[r] /= sigma * marginal.Deviations[r];
        }

        if (kind != ResidualKind.Normalized) return residuals;
        var whitened = marginal.Whitening.Apply(residuals, residuals.Length);
        return Array.ConvertAll(whitened, value => value / sigma);
    }
}
