using MixedModels.LinearAlgebra;
using MixedModels.Optimization;

namespace MixedModels.Estimation.Linear;

/// <summary>Minimises a profiled deviance: moment start, descent, canonical form, certificate at the boundary.</summary>
internal static class LinearOptimizer
{
    /// <summary>Variance along a direction below this share of what makes between- and within-level variation equal is tried at zero.</summary>
    private const double NegligibleShare = 1e-7;

    /// <summary>A curvature below this share of the largest, or of 1 where all are rounding, is flat.</summary>
    private const double FlatShare = 1e-9;

    /// <summary>Finds the optimum from moments, from a sample of very many levels, or from given parameters.</summary>
    /// <param name="deviance">The deviance.</param>
    /// <param name="data">Its data, for the moments.</param>
    /// <param name="start">Parameters to start from; null for a start of its own.</param>
    /// <param name="method">How to descend; the certificate is the same for all.</param>
    /// <param name="cancellationToken">Checked at least once an evaluation.</param>
    public static LinearOptimum Minimize(
        ProfiledDeviance deviance, StandardizedData data, double[]? start, OptimizationMethod method, CancellationToken cancellationToken)
    {
        if (deviance.Dimension == 0) return new([], deviance.Value([]), 0, 1, 0, null, -1, Proved: true);

        var theta = start ?? LevelSample.Start(deviance, data, cancellationToken)
            ?? (deviance.System.HasResidual ? StartValues.Compute(deviance, data) : StartValues.WithoutResidual(deviance));
        var (iterations, evaluations) = (0, 0);
        for (var restarts = 0; ; restarts++)
        {
            var result = LinearSearch.Descend(deviance, theta, method, cancellationToken);
            iterations += result.Iterations;
            evaluations += result.Evaluations;
            var point = result.Point;
            if (SnapToBoundary(deviance, point, ref evaluations) is { } snapped)
            {
                point = deviance.Evaluate(snapped);
                evaluations++;
            }

            if (!double.IsFinite(point.Value)) return Unbounded(result, iterations, evaluations);
            theta = (double[])point.Theta.Clone();
            var cone = BoundaryCertificate.Check(deviance, point.Theta, theta, out var violated);
            if (!violated || restarts == deviance.Layout.TermCount + 2)
            {
                var proved = result.Converged && !violated;
                return new(point.Theta, point.Value, iterations, evaluations, Vectors.Norm(point.Gradient), cone, FlatParameter(point, deviance.System.HasResidual ? 0 : 1), proved);
            }
        }
    }

    /// <summary>Where the residual variance runs to zero there is no optimum; the last point reached says where it was heading.</summary>
    private static LinearOptimum Unbounded(TrustRegionResult result, int iterations, int evaluations) => new(
        result.Point.Theta, result.Point.Value, iterations, evaluations, Vectors.Norm(result.Point.Gradient), null, -1, Proved: false);

    /// <summary>The parameters with negligible variances set to zero where the deviance agrees; null where there are none.</summary>
    public static double[]? SnapToBoundary(ProfiledDeviance deviance, SmoothPoint point, ref int evaluations)
    {
        var theta = point.Theta;
        for (var t = 0; t < deviance.Layout.TermCount; t++)
        {
            var structure = deviance.Layout.Structure(t);
            var negligible = NegligibleShare * deviance.System.Terms[t].LevelCount / (double)deviance.Observations;
            var trial = (double[])theta.Clone();
            if (!structure.RemoveNegligible(deviance.Layout.Slice(theta, t), negligible, deviance.Layout.Slice(trial.AsSpan(), t))) continue;
            evaluations++;
            if (deviance.Value(trial, covariancesSuffice: true) <= point.Value + 1e-9 + (1e-13 * Math.Abs(point.Value))) theta = trial;
        }

        return theta == point.Theta ? null : theta;
    }

    /// <summary>The parameter with the largest part in a flat direction, −1 where there is none but those that are known.</summary>
    /// <param name="point">The optimum.</param>
    /// <param name="known">How many directions are flat by design: without a residual the scale of theta is one.</param>
    public static int FlatParameter(SmoothPoint point, int known = 0)
    {
        var k = point.Theta.Length;
        var values = new double[k];
        var vectors = (double[])point.Hessian.Clone();
        if (!SymmetricEigen.Decompose(vectors, k, k, values) || k <= known || values[known] > FlatShare * Math.Max(1, values[k - 1])) return -1;
        var largest = 0;
        for (var i = 1; i < k; i++)
        {
            if (Math.Abs(vectors[i + (known * k)]) > Math.Abs(vectors[largest + (known * k)])) largest = i;
        }

        return largest;
    }
}
