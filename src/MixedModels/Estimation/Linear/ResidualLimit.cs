using MixedModels.Estimation.Storage;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The end of a search whose residual variance ran to zero: the same model without one, where that is the optimum. A residual variance is not
/// negative; at 0 it is at its bound, and the condition of Karush, Kuhn and Tucker is that the deviance rises with it.
/// </summary>
internal static class ResidualLimit
{
    /// <summary>A residual standard deviation below this share of that of least squares, where no optimum was proved, was on its way to zero.</summary>
    private const double Vanishing = 1e-2;

    /// <summary>The deviance without residual may lie above that of the last point by its rounding, which grows as the residual vanishes.</summary>
    private const double Rounding = 1e-4;

    /// <summary>The deviance and optimum without a residual variance; null where the search did not run there, or there is none, or it is not the optimum.</summary>
    /// <param name="deviance">The deviance with residual.</param>
    /// <param name="data">Its numbers.</param>
    /// <param name="optimum">Where its search ended.</param>
    /// <param name="cancellationToken">Checked once an evaluation.</param>
    public static (StandardizedData Data, ProfiledDeviance Deviance, LinearOptimum Optimum)? Find(
        ProfiledDeviance deviance, StandardizedData data, LinearOptimum optimum, CancellationToken cancellationToken)
    {
        if (optimum.Proved || optimum.Theta.Length == 0 || !deviance.System.HasResidual) return null;
        if (!double.IsFinite(deviance.Value(optimum.Theta)) || Math.Sqrt(deviance.r2 / deviance.nu) > Vanishing) return null;
        var limitData = data.WithoutResidual();
        var system = new ResidualFreeSystem(limitData.Rows);
        var limit = new ProfiledDeviance(limitData, system, deviance.Reml);
        if (!double.IsFinite(limit.Value(optimum.Theta))) return null;
        var found = LinearOptimizer.Minimize(limit, limitData, optimum.Theta, OptimizationMethod.Newton, cancellationToken);
        if (!found.Proved || found.Value > optimum.Value + (Rounding * (1 + Math.Abs(optimum.Value))) || !double.IsFinite(limit.Value(found.Theta))) return null;
        return system.ResidualSlope(limit) >= 0 ? (limitData, limit, found with { IsWithoutResidual = true }) : null;
    }
}
