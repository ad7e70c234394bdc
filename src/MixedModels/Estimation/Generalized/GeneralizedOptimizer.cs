using MixedModels.LinearAlgebra;
using MixedModels.Optimization;

namespace MixedModels.Estimation.Generalized;

/// <summary>Minimises a generalized deviance: start, trust region, canonical form, certificate at the boundary, Hessian.</summary>
internal static class GeneralizedOptimizer
{
    /// <summary>The Newton decrement at which the search stops, in units of deviance.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>The decrement at which theta is adapted to its principal axes.</summary>
    private const double RoughTolerance = 1;

    /// <summary>A variance this share of what makes between- and within-level information equal is tried at zero.</summary>
    private const double NegligibleShare = 1e-7;

    /// <summary>A curvature below this share of its parameter's own is flat.</summary>
    private const double FlatShare = 1e-8;

    /// <summary>The decrement left by the exact Hessian that counts as an optimum: its own differences are good to 1e-6.</summary>
    private const double ProvedDecrement = 1e-6;

    private const int MostPolishingSteps = 3;

    /// <summary>A second search starts at this share of the moment start's variances: near no random effects, where the approximation is nearly exact.</summary>
    private const double SecondStartShare = 0.1;

    /// <summary>Two searches that differ by less came to the same value.</summary>
    private const double SameValue = 1e-6;

    /// <summary>So often a start that is not defined is drawn towards one mean for all rows and no random effects, where it is.</summary>
    private const int MostShrinkings = 12;

    /// <summary>Finds the optimum, in a second search from small variances where the first ends without one; null where no parameters inside the family's range were found to start from.</summary>
    /// <param name="deviance">The deviance.</param>
    /// <param name="start">Parameters to start from; null for the moment start.</param>
    /// <param name="cancellationToken">Checked once an evaluation.</param>
    /// <remarks>
    /// Where observed weights are negative the determinant in Laplace's approximation may run to zero and the deviance down without end; a search that came there is no
    /// argument against an optimum elsewhere. One that ran to the end of the link's range with a lower deviance is.
    /// </remarks>
    public static GeneralizedOptimum? Minimize(LaplaceDeviance deviance, double[]? start, CancellationToken cancellationToken)
    {
        var first = Search(deviance, start, cancellationToken);
        if (first is null or { Proved: true } || deviance.Layout.Count == 0) return first;
        var isCurvedUpwards = double.IsFinite(first.Value) && Array.Exists(deviance.Mode.Densities.Weights, weight => weight < 0);
        var mode = deviance.Mode.Snapshot();
        if (GeneralizedStart.Compute(deviance) is { } small)
        {
            Vectors.Scale(SecondStartShare, small.AsSpan(0, deviance.Layout.Count));
            if (Search(deviance, small, cancellationToken) is { } second)
            {
                var isLower = first.Value < second.Value - SameValue;
                var (iterations, evaluations) = (first.Iterations + second.Iterations, first.Evaluations + second.Evaluations);
                if (second.Proved && (!isLower || isCurvedUpwards))
                    return second with { Iterations = iterations, Evaluations = evaluations, LowerElsewhere = isLower ? first.Value : null };
                first = first with { Iterations = iterations, Evaluations = evaluations };
            }
        }

        // Leaves everything where the first search ended.
        deviance.Mode.Return(mode);
        deviance.Value(first.Phi);
        return first;
    }

    private static GeneralizedOptimum? Search(LaplaceDeviance deviance, double[]? start, CancellationToken cancellationToken)
    {
        if (((double[]?)start?.Clone() ?? GeneralizedStart.Compute(deviance)) is not { } phi) return null;
        var (iterations, evaluations) = (0, GeneralizedStart.Shrink(deviance, phi, MostShrinkings));
        if (!double.IsFinite(deviance.Value(phi))) return null;
        for (var restarts = 0; ; restarts++)
        {
            var result = Descend(deviance, phi, cancellationToken);
            iterations += result.Iterations;
            evaluations += result.Evaluations;
            var point = result.Point;
            if (!double.IsFinite(point.Value)) return new(phi, [.. deviance.Mode.Inner?.Beta ?? []], double.NaN, new double[phi.Length * phi.Length], iterations, evaluations, double.NaN, null, -1, Proved: false);
            if (Snapped(deviance, point, ref evaluations) is { } snapped) point = snapped;
            phi = (double[])point.Theta.Clone();
            var (cone, violated) = GeneralizedCertificate.Check(deviance, point.Theta, phi);
            if (violated && restarts < deviance.Layout.TermCount + 2) continue;
            return Finish(deviance, point, result.Converged && !violated, cone, iterations, evaluations, cancellationToken);
        }
    }

    private static TrustRegionResult Descend(LaplaceDeviance deviance, double[] phi, CancellationToken cancellationToken)
    {
        var objective = new SecantCorrected(deviance);
        var first = objective.Evaluate(phi);
        if (!double.IsFinite(first.Value)) return new(first, 0, 1, double.NaN, Converged: false, 0);
        var rough = TrustRegion.Minimize(objective, first, TrustRegion.FirstRadius(phi), RoughTolerance, cancellationToken);
        var layout = deviance.Layout.AdaptedTo(deviance.Theta(rough.Point.Theta));
        if (layout == deviance.Layout)
        {
            var direct = TrustRegion.Minimize(objective, rough.Point, rough.Radius, Tolerance, cancellationToken);
            var isCanonical = deviance.Layout.IsCanonical(deviance.Theta(direct.Point.Theta));
            return Total(rough, isCanonical ? direct : direct with { Point = deviance.Evaluate(Translate(deviance, deviance, direct.Point.Theta)) });
        }

        var adapted = deviance.With(layout);
        objective = new SecantCorrected(adapted);
        var middle = objective.Evaluate(Translate(deviance, adapted, rough.Point.Theta));
        var last = TrustRegion.Minimize(objective, middle, rough.Radius, Tolerance, cancellationToken);
        deviance.Forget();
        return Total(rough, last with { Point = deviance.Evaluate(Translate(adapted, deviance, last.Point.Theta)), Evaluations = last.Evaluations + 2 });
    }

    private static TrustRegionResult Total(TrustRegionResult rough, TrustRegionResult last) =>
        last with { Iterations = rough.Iterations + last.Iterations, Evaluations = 1 + rough.Evaluations + last.Evaluations };

    private static double[] Translate(LaplaceDeviance from, LaplaceDeviance to, double[] phi)
    {
        var translated = (double[])phi.Clone();
        to.Layout.Translate(from.Layout, from.Theta(phi)).CopyTo(translated, 0);
        return translated;
    }

    /// <summary>The point with negligible variances at zero where the deviance agrees; null where there are none.</summary>
    private static SmoothPoint? Snapped(LaplaceDeviance deviance, SmoothPoint point, ref int evaluations)
    {
        var phi = point.Theta;
        for (var t = 0; t < deviance.Layout.TermCount; t++)
        {
            var structure = deviance.Layout.Structure(t);
            var p = structure.Dimension;
            var blocks = new double[p * p];
            deviance.System.SumDiagonalBlocks(t, blocks);
            var information = 0.0;
            for (var i = 0; i < p; i++) information += blocks[i * (p + 1)] / p;
            if (!(information > 0)) continue;
            var trial = (double[])phi.Clone();
            var negligible = NegligibleShare * deviance.System.Terms[t].LevelCount / information;
            if (!structure.RemoveNegligible(deviance.Layout.Slice(deviance.Theta(phi), t), negligible, deviance.Layout.Slice(trial.AsSpan(0, deviance.Layout.Count), t))) continue;
            evaluations++;
            if (deviance.Value(trial) <= point.Value + 1e-9 + (1e-13 * Math.Abs(point.Value))) phi = trial;
        }

        if (phi == point.Theta) return null;
        evaluations++;
        return deviance.Evaluate(phi);
    }

    /// <summary>The Hessian by differences of the exact gradient, and with it a last step where one is due.</summary>
    private static GeneralizedOptimum Finish(
        LaplaceDeviance deviance, SmoothPoint point, bool converged, double? cone, int iterations, int evaluations, CancellationToken cancellationToken)
    {
        for (var polishing = 0; ; polishing++)
        {
            var hessian = DifferencedHessian.Of(deviance, point, ref evaluations, cancellationToken);
            point = point with { Hessian = hessian };
            var decrement = TrustRegion.Decrement(point);
            if (decrement > Tolerance && polishing < MostPolishingSteps)
            {
                var next = TrustRegion.Minimize(new FixedModel(deviance, hessian), point, TrustRegion.FirstRadius(point.Theta), Tolerance, cancellationToken);
                evaluations += next.Evaluations;
                iterations += next.Iterations;
                if (next.Iterations > 0)
                {
                    point = next.Point;
                    continue;
                }
            }

            // Leaves everything at the optimum.
            deviance.Value(point.Theta);
            return new(
                point.Theta, [.. deviance.Mode.Inner?.Beta ?? []], point.Value, hessian, iterations, evaluations + 1, Vectors.Norm(point.Gradient), cone, FlatParameter(hessian, point.Theta.Length),
                (converged || decrement <= Tolerance) && decrement <= ProvedDecrement);
        }
    }

    /// <summary>The parameter with the largest part in a flat direction of the scaled Hessian, −1 where there is none.</summary>
    private static int FlatParameter(double[] hessian, int k)
    {
        var scaled = (double[])hessian.Clone();
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < k; i++)
            {
                var size = Math.Sqrt(Math.Abs(hessian[i * (k + 1)] * hessian[j * (k + 1)]));
                scaled[i + (j * k)] = size > 0 ? hessian[i + (j * k)] / size : i == j ? 0 : hessian[i + (j * k)];
            }
        }

        var values = new double[k];
        if (k == 0 || !SymmetricEigen.Decompose(scaled, k, k, values) || values[0] > FlatShare) return -1;
        var largest = 0;
        for (var i = 1; i < k; i++)
        {
            if (Math.Abs(scaled[i]) > Math.Abs(scaled[largest])) largest = i;
        }

        return largest;
    }

    /// <summary>The deviance with one Hessian for all points: near the optimum, Newton's method.</summary>
    private sealed class FixedModel(LaplaceDeviance deviance, double[] hessian) : ISmoothObjective
    {
        public int Dimension => deviance.Dimension;

        public SmoothPoint Evaluate(ReadOnlySpan<double> theta)
        {
            var (value, gradient) = deviance.Slope(theta);
            return new(theta.ToArray(), value, gradient, hessian);
        }
    }
}
