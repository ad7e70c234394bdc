using MixedModels.Covariance;
using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Bootstrap;

/// <summary>
/// The random part of the score of a drawn response at the parameters it was drawn from: all that a refit depends on to first order. From its
/// skewness comes the acceleration of BCa intervals.
/// </summary>
/// <remarks>
/// The score of beta is linear in X'V0⁻¹y, that is in the generalised least squares estimate at the fit's theta; those of the variances are linear in
/// r² = y'P0y and in Σ_l w_lw_l', w = Z'P0y.
/// </remarks>
internal static class BootstrapScores
{
    /// <summary>The scores at the fit's parameters, in units that do not depend on the draw.</summary>
    public static double[] Of(CriterionProblem problem, LinearOptimum optimum) => problem is IndependentProblem independent
        ? Of(independent.Data, independent.Deviance, optimum.Theta)
        : OfMarginal(problem, CriterionProblem.Parameters(optimum));

    /// <summary>With dependent or unequal residuals the scores of the variances are linear in r² and its derivatives in the parameters of V.</summary>
    private static double[] OfMarginal(CriterionProblem problem, double[] psi)
    {
        var (data, criterion) = (problem.Data, problem.Criterion);
        if (!double.IsFinite(criterion.Value(psi))) return [];
        var (square, r2) = (data.Scale * data.Scale, criterion.r2);
        var coefficients = UserUnits.Coefficients(data, criterion.beta);
        return [.. coefficients, .. criterion.HoldSigma(psi, criterion.nu / r2).Rho.Select(slope => square * slope), square * r2];
    }

    private static double[] Of(StandardizedData data, ProfiledDeviance deviance, double[] theta)
    {
        if (!double.IsFinite(deviance.Value(theta))) return [];
        var scores = new List<double>(UserUnits.Coefficients(data, deviance.beta));
        var square = data.Scale * data.Scale;
        for (var t = 0; t < deviance.Layout.TermCount; t++)
        {
            var (p, levels) = (deviance.System.Terms[t].Dimension, deviance.System.Terms[t].LevelCount);
            var w = deviance.w.Slice(deviance.System.Offset(t), levels * p);
            var W = new double[p * p];
            Product.Add(square, w, p, false, w, p, true, W, p, p, p, levels);
            if (deviance.Layout.Structure(t) is not (Unstructured or Diagonal))
            {
                AddAlongParameters(deviance, theta, t, W, scores);
                continue;
            }

            var isDiagonal = deviance.Layout.Structure(t) is Diagonal;
            for (var j = 0; j < p; j++)
            {
                for (var i = j; i < (isDiagonal ? j + 1 : p); i++) scores.Add(W[i + (j * p)]);
            }
        }

        scores.Add(square * deviance.r2);
        return [.. scores];
    }

    /// <summary>&lt;W, dG_k&gt; of a structure with few parameters: those parts of W that its score depends on.</summary>
    private static void AddAlongParameters(ProfiledDeviance deviance, double[] theta, int t, double[] W, List<double> scores)
    {
        var structure = deviance.Layout.Structure(t);
        var dG = new double[W.Length];
        for (var k = 0; k < structure.ParameterCount; k++)
        {
            structure.Derivative(k, deviance.Layout.Slice(theta, t), dG);
            scores.Add(Vectors.Dot(W, dG));
        }
    }
}
