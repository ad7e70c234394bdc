using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// The Karush–Kuhn–Tucker conditions of a minimum over covariance matrices, as <see cref="BoundaryCertificate"/> checks them for linear models:
/// no direction of variance that is absent may lower the deviance.
/// </summary>
internal static class GeneralizedCertificate
{
    /// <summary>A direction counts as violated when adding variance along it promises at least this decrease of the deviance.</summary>
    private const double LeastGain = 1e-7;

    /// <summary>The relative size of the variance a restart adds, against what makes between- and within-level information equal.</summary>
    private const double RestartShare = 0.02;

    /// <summary>The least eigenvalue of Gamma over the terms' cones, scaled so that −1 would be as steep as B's own diagonal; null without random terms.</summary>
    /// <param name="deviance">The deviance.</param>
    /// <param name="optimum">The parameters there.</param>
    /// <param name="restart">Equal to the optimum; where a cone is violated, the parameters to restart from are written here.</param>
    public static (double? Least, bool Violated) Check(LaplaceDeviance deviance, ReadOnlySpan<double> optimum, double[] restart)
    {
        if (deviance.Layout.TermCount == 0 || !double.IsFinite(deviance.Value(optimum))) return (null, false);
        var derivatives = new LaplaceDerivatives(deviance, optimum);
        var (least, violated) = (double.PositiveInfinity, false);
        for (var t = 0; t < deviance.Layout.TermCount; t++)
        {
            var structure = deviance.Layout.Structure(t);
            var (p, levels) = (structure.Dimension, deviance.System.Terms[t].LevelCount);
            var v = new double[p];
            var eigenvalue = structure.ConeEigenvalue(derivatives.Gamma(t), v);
            var B = new double[p * p];
            deviance.System.SumDiagonalBlocks(t, B);
            var scale = 0.0;
            for (var j = 0; j < p; j++) scale += v[j] * Vectors.Dot(B.AsSpan(j * p, p), v);
            if (!(scale > 0))
            {
                least = Math.Min(least, 0);
                continue;
            }

            least = Math.Min(least, eigenvalue / scale);

            // Along G + eps·vv' the deviance falls by about eigenvalue²/(2h), with h ≈ Σ_l (v'B_lv)² ≥ scale²/levels.
            var gain = eigenvalue * eigenvalue * levels / (2 * scale * scale);
            if (eigenvalue >= 0 || gain < LeastGain) continue;
            AddVariance(deviance, restart, t, v, RestartShare * levels / scale);
            violated = true;
        }

        return (least, violated);
    }

    private static void AddVariance(LaplaceDeviance deviance, double[] phi, int term, double[] v, double amount)
    {
        var (layout, structure) = (deviance.Layout, deviance.Layout.Structure(term));
        var p = structure.Dimension;
        var G = RelativeCovariance.Of(structure, layout.Slice(deviance.Theta(phi), term));
        for (var j = 0; j < p; j++) Vectors.AddScaled(amount * v[j], v, G.AsSpan(j * p, p));
        structure.FromCovariance(G, layout.Slice(phi.AsSpan(0, layout.Count), term));
    }
}
