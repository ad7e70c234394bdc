using MixedModels.Design;
using MixedModels.Estimation.Marginal;
using MixedModels.Inference;
using MixedModels.LinearAlgebra;
using MixedModels.Numerics;

namespace MixedModels;

/// <summary>Reads the coefficients of a dispersion model off a fit: log sigma and the rates of the variance functions that stand for its columns.</summary>
internal static class DispersionCoefficients
{
    /// <summary>The coefficients; empty where there is no such model.</summary>
    /// <remarks>
    /// Their covariance is that of (psi, sigma) in the observed information with beta profiled out, which is the joint one's, by the delta method;
    /// statistics are standard normal.
    /// </remarks>
    public static IReadOnlyList<Coefficient> Of(ModelDesign design, MarginalEstimate marginal, IFittedEffects effects, double sigma)
    {
        if (design.DispersionColumns.Count == 0) return [];
        var covariance = effects.Variances().Covariance;
        return marginal.AtOptimum((deviance, psi) =>
        {
            var (first, model) = (deviance.Layout.Count + deviance.Residual.ScaleStart, deviance.Residual);
            var active = deviance.Information(psi).Active;
            var phi = Jet.Variables(psi.AsSpan(first));
            var skipped = model.Data.Scales.Count - design.DispersionColumns.Count;
            Jet[] slopes = [.. model.Scale.Natural(phi).Where(entry => entry.Term >= skipped).Select(entry => entry.Value)];
            var s = Math.Sqrt(deviance.r2 / deviance.nu);
            return (IReadOnlyList<Coefficient>)
            [
                Row("(Intercept)", Math.Log(sigma), Error(-model.Scale.Reference(phi), 1 / s, first, active, covariance)),
                .. slopes.Select((slope, j) => Row(design.DispersionColumns[j], slope.Value, Error(slope, 0, first, active, covariance))),
            ];
        });
    }

    /// <summary>√(g'Cg), g being the derivatives in the active parameters, then in sigma.</summary>
    private static double Error(Jet value, double ofSigma, int first, int[] active, double[] covariance)
    {
        var K = active.Length + 1;
        var gradient = new double[K];
        for (var k = 0; k < active.Length; k++) gradient[k] = active[k] >= first && value.First.Length > 0 ? value.First[active[k] - first] : 0;
        gradient[^1] = ofSigma;
        var variance = 0.0;
        for (var k = 0; k < K; k++) variance += gradient[k] * Vectors.Dot(covariance.AsSpan(k * K, K), gradient);
        return Math.Sqrt(variance);
    }

    private static Coefficient Row(string name, double estimate, double error) =>
        new(name, estimate, error, estimate / error, null, TailProbability.NormalTwoSided(estimate / error));
}
