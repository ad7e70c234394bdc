using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// The Karush–Kuhn–Tucker conditions of a minimum over covariance matrices, as <see cref="BoundaryCertificate"/> checks them for linear models:
/// no direction of variance that is absent may lower the deviance.
/// </summary>
internal static class GeneralizedCertificate
{
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
            var B = new double[structure.Dimension * structure.Dimension];
            deviance.System.SumDiagonalBlocks(t, B);
            var theta = deviance.Layout.Slice(deviance.Theta(optimum), t);
            var (own, isViolated) = BoundaryCertificate.CheckTerm(
                structure, theta, derivatives.Gamma(t), B, deviance.System.Terms[t].LevelCount, deviance.Layout.Slice(restart.AsSpan(0, deviance.Layout.Count), t));
            least = Math.Min(least, own);
            violated |= isViolated;
        }

        return (least, violated);
    }
}
