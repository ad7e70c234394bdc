using MixedModels.Optimization;

namespace MixedModels.Estimation.Generalized;

/// <summary>The Hessian of a generalized deviance by differences of its exact gradient: central ones, of larger data one-sided ones.</summary>
internal static class DifferencedHessian
{
    /// <summary>
    /// The step in units of a parameter's own scale, 1/√(half its curvature): third differences then enter at 1e-6, rounding of the gradient
    /// (1e-11 of the deviance) at 1e-8.
    /// </summary>
    private const double Step = 1e-3;

    /// <summary>
    /// Rows from which one side will do for fixed effects, at half the price: in a parameter's own scale third derivatives fall as one over the
    /// root of what informs it, and along fixed effects those are small. Half a step of them is 2e-5 of the curvature with 56 rows, 5e-6 with 2,000.
    /// </summary>
    private const int OneSidedRows = 1000;

    /// <summary>Rows from which one side will do for all parameters, where the levels are many too.</summary>
    private const int AllOneSidedRows = 20_000;

    /// <summary>
    /// Levels of every term for that: along covariances half a step of third derivatives is 2e-4 of the curvature with 7 levels, below 2e-5 with
    /// 1,000 (standard errors: 1e-7 on 100,000 crossed rows).
    /// </summary>
    private const int AllOneSidedLevels = 1000;

    /// <summary>The step on one side: truncation and the gradient's rounding are then alike.</summary>
    private const double OneSidedStep = 3e-4;

    /// <summary>The longest step: along a parameter that runs to infinity there is no scale, and a long step would leave the flat part.</summary>
    private const double LongestStep = 0.1;

    /// <summary>k×k second derivatives, symmetric; two gradients a parameter, one-sided where the deviance is not defined on one side or one side says enough.</summary>
    public static double[] Of(LaplaceDeviance deviance, SmoothPoint point, ref int evaluations, CancellationToken cancellationToken)
    {
        var k = point.Theta.Length;
        var hessian = new double[k * k];
        deviance.Value(point.Theta);
        var center = deviance.Mode.Snapshot();
        var isOneSided = OneSided(deviance);
        for (var j = 0; j < k; j++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var curvature = Math.Abs(point.Hessian[j * (k + 1)]);
            var share = isOneSided[j] ? OneSidedStep : Step;
            var step = curvature > 0 ? Math.Min(LongestStep, share * Math.Sqrt(2 / curvature)) : share;
            deviance.Mode.Return(center);
            var after = Gradient(deviance, point, j, step);
            evaluations++;
            double[] before = [];
            if (!isOneSided[j] || after.Length == 0)
            {
                // The mode on the other side, to second order in the step: a Newton step less.
                deviance.Mode.Reflect(center);
                before = Gradient(deviance, point, j, -step);
                evaluations++;
            }

            var width = (after.Length > 0 ? step : 0) + (before.Length > 0 ? step : 0);
            if (width == 0) continue;
            if (after.Length == 0) after = point.Gradient;
            if (before.Length == 0) before = point.Gradient;
            for (var i = 0; i < k; i++) hessian[i + (j * k)] = (after[i] - before[i]) / width;
        }

        deviance.Mode.Return(center);
        Mirror(hessian, isOneSided);
        return hessian;
    }

    /// <summary>For which parameters one side will do.</summary>
    private static bool[] OneSided(LaplaceDeviance deviance)
    {
        var isOneSided = new bool[deviance.Dimension];
        if (deviance.Data.n >= AllOneSidedRows && deviance.System.Terms.All(term => term.LevelCount >= AllOneSidedLevels)) Array.Fill(isOneSided, true);
        else if (deviance.Data.n >= OneSidedRows) isOneSided.AsSpan(deviance.Layout.Count..deviance.FirstPsi).Fill(true);
        return isOneSided;
    }

    /// <summary>Of the two values of each pair of parameters their mean, or the one whose differences were central where the other's were not.</summary>
    private static void Mirror(double[] hessian, bool[] isOneSided)
    {
        var k = isOneSided.Length;
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < j; i++)
            {
                ref double upper = ref hessian[i + (j * k)], lower = ref hessian[j + (i * k)];
                upper = lower = isOneSided[i] == isOneSided[j] ? 0.5 * (upper + lower) : isOneSided[j] ? lower : upper;
            }
        }
    }

    private static double[] Gradient(LaplaceDeviance deviance, SmoothPoint point, int parameter, double step)
    {
        var moved = (double[])point.Theta.Clone();
        moved[parameter] += step;
        return deviance.Slope(moved).Gradient;
    }
}
