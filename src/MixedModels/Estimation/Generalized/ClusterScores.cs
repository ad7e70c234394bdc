using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;
using MixedModels.Optimization;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// The deviance as a sum over clusters between which no random effect is shared: each cluster's own deviance, its gradient and its Hessian, from the same
/// class on the cluster's rows. The integral over the random effects is a product then, and so is each of its approximations.
/// </summary>
/// <param name="data">The standardised X and Z.</param>
/// <param name="deviance">The deviance of all rows, its fixed effects among its parameters.</param>
/// <param name="optimum">The optimum.</param>
internal sealed class ClusterScores(StandardizedData data, LaplaceDeviance deviance, GeneralizedOptimum optimum)
{
    /// <summary>The derivative of a cluster's log-likelihood in (theta, beta*, psi) at the optimum: k numbers, whose sum over clusters is zero there.</summary>
    /// <param name="rows">The cluster's rows.</param>
    /// <param name="value">Receives its deviance; NaN where there is none.</param>
    public double[] Score(int[] rows, out double value)
    {
        (value, var score) = deviance.OfRows(data, rows).Slope(optimum.Phi);
        Vectors.Scale(-0.5, score);
        return score;
    }

    /// <summary>k×k second derivatives of a cluster's deviance at the optimum, by differences of its exact gradient.</summary>
    /// <param name="rows">The cluster's rows.</param>
    public double[] Hessian(int[] rows)
    {
        // Steps are those of the whole: along a parameter that a cluster alone does not know there is no other scale.
        var own = deviance.OfRows(data, rows);
        var (value, gradient) = own.Slope(optimum.Phi);
        var evaluations = 0;
        return DifferencedHessian.Of(own, new SmoothPoint(optimum.Phi, value, gradient, optimum.Hessian), ref evaluations, CancellationToken.None);
    }
}
