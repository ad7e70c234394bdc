using MixedModels.Estimation.Linear;
using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;
using MixedModels.Optimization;

namespace MixedModels.Estimation.Marginal;

/// <summary>Minimises a marginal deviance over theta and phi: the best of a few starts, a trust region, the certificate at the boundary.</summary>
internal static class MarginalOptimizer
{
    /// <summary>The Newton decrement at which the search stops, as for independent residuals.</summary>
    private const double Tolerance = 1e-10;

    /// <summary>The decrement to which two searches are taken before one is left.</summary>
    private const double RoughTolerance = 1e-2;

    /// <summary>A residual parameter beyond this, a logarithm or its kin, may be on its way to a limit: e^−8 of a standard deviation is 1e-7 of a variance.</summary>
    private const double Far = 8;

    /// <summary>Distances at which a limit is looked for grow by this factor.</summary>
    private const double FartherBy = 1.25;

    /// <summary>The deviance at which a number stands for a limit lies above that of the search by no more than this, which no reader sees; it falls off as e^−distance.</summary>
    private const double LimitRise = 1e-3;

    /// <summary>Whitened rows that give the deviance to this still have digits in what is read off them.</summary>
    private const double Faithful = 1e-6;

    /// <summary>Random effects start at their moments and at a share of them: a residual correlation takes its part.</summary>
    private static readonly double[] thetaShares = [1, 0.5];

    /// <summary>Finds the optimum.</summary>
    /// <param name="deviance">The deviance.</param>
    /// <param name="data">Its rows, not whitened.</param>
    /// <param name="start">Parameters (theta, phi) to start from; null for the best of several.</param>
    /// <param name="cancellationToken">Checked once an evaluation.</param>
    public static LinearOptimum Minimize(MarginalDeviance deviance, StandardizedData data, double[]? start, CancellationToken cancellationToken)
    {
        var (iterations, evaluations) = (0, 0);
        var psi = start ?? BestStart(deviance, data, ref evaluations, ref iterations, cancellationToken);
        for (var restarts = 0; ; restarts++)
        {
            // What the average information leaves out is learnt from the gradients.
            ISmoothObjective objective = deviance.Plan.Route == MarginalRoute.Whitened ? new SecantCorrected(deviance) : deviance;
            var first = objective.Evaluate(psi);
            evaluations++;
            if (!double.IsFinite(first.Value)) return Ended(deviance, first, iterations, evaluations, null, proved: false);
            var result = TrustRegion.Minimize(objective, first, TrustRegion.FirstRadius(psi), Tolerance, cancellationToken);
            iterations += result.Iterations;
            evaluations += result.Evaluations;
            var (point, converged, isLimit) = result.Converged && IsReadable(deviance, data, result.Point, Faithful)
                ? (result.Point, true, false)
                : ComeBack(deviance, data, objective, result, ref evaluations, ref iterations, cancellationToken);
            if (deviance.Layout.Count == 0 || !double.IsFinite(point.Value)) return Ended(deviance, point, iterations, evaluations, null, converged, isLimit);

            var (cone, restart, canonical) = Certify(deviance, data, point, ref evaluations);
            if (canonical is not null) point = deviance.Evaluate(canonical);
            if (restart is null || restarts == deviance.Layout.TermCount + 2)
                return Ended(deviance, point, iterations, evaluations, cone, converged && restart is null, isLimit);
            psi = restart;
        }
    }

    /// <summary>
    /// The structure's starts, the least deviance of them. Beside random effects a weak and a strong residual correlation can both be optima: there
    /// a search goes a rough way from the best of the weaker and of the stronger half, and the better end is the start.
    /// </summary>
    private static double[] BestStart(
        MarginalDeviance deviance, StandardizedData data, ref int evaluations, ref int iterations, CancellationToken cancellationToken)
    {
        var (theta, residual) = (MomentTheta(deviance, data), deviance.Residual);
        var scales = new double[residual.Scale.ParameterCount];
        residual.Scale.Start(scales);
        residual.Evaluate([.. new double[residual.ScaleStart], .. scales], wantsDerivatives: false);
        double[][] starts = [.. residual.Data.Structure?.Starts(residual.Moments(data.y)) ?? [[]]];
        if (theta.Length == 0 && starts is [var only]) return [.. Enumerable.Repeat(only, residual.Data.GroupCount).SelectMany(own => own), .. scales];
        var values = new List<(double Value, double[] Psi)>();
        foreach (var start in starts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double[] phi = [.. Enumerable.Repeat(start, residual.Data.GroupCount).SelectMany(own => own), .. scales];
            var candidates = (theta.Length == 0 ? [1] : thetaShares).Select(share => (double[])[.. theta.Select(value => value * share), .. phi]);
            values.Add(candidates.Select(psi => (Finite(deviance.Value(psi)), psi)).MinBy(candidate => candidate.Item1));
            evaluations += theta.Length == 0 ? 1 : thetaShares.Length;
        }

        if (theta.Length == 0 || starts.Length < 4) return values.MinBy(candidate => candidate.Value).Psi;
        var half = starts.Length / 2;
        var (best, least) = (values[0].Psi, double.PositiveInfinity);
        foreach (var (_, psi) in new[] { values.Take(half).MinBy(candidate => candidate.Value), values.Skip(half).MinBy(candidate => candidate.Value) })
        {
            var first = deviance.Evaluate(psi);
            evaluations++;
            if (!double.IsFinite(first.Value)) continue;
            var rough = TrustRegion.Minimize(deviance, first, TrustRegion.FirstRadius(psi), RoughTolerance, cancellationToken);
            (evaluations, iterations) = (evaluations + rough.Evaluations, iterations + rough.Iterations);
            if (rough.Point.Value < least) (best, least) = (rough.Point.Theta, rough.Point.Value);
        }

        return best;
    }

    /// <summary>
    /// Residual parameters that ran off to a limit (a visit without residual variance beside random effects, a correlation of ±1) come back to the nearest
    /// place where the deviance is the same but for <see cref="LimitRise"/>: far out R⁻¹ has no digit left. A search that had stalled there goes on over the others.
    /// </summary>
    /// <returns>The point, whether it is proved, and whether it stands for a limit: there, held parameters must not pull back.</returns>
    private static (SmoothPoint Point, bool Converged, bool IsLimit) ComeBack(
        MarginalDeviance deviance, StandardizedData data, ISmoothObjective objective, TrustRegionResult result, ref int evaluations, ref int iterations, CancellationToken cancellationToken)
    {
        var (psi, held) = ((double[])result.Point.Theta.Clone(), new List<int>());
        for (var k = deviance.Layout.Count; k < psi.Length && double.IsFinite(result.Point.Value); k++)
        {
            var end = psi[k];
            for (var distance = Far; distance < Math.Abs(end); distance *= FartherBy)
            {
                psi[k] = Math.CopySign(distance, end);
                evaluations++;
                if (!(deviance.Value(psi) - result.Point.Value <= LimitRise)) continue;
                held.Add(k);
                break;
            }

            if (!held.Contains(k)) psi[k] = end;
        }

        if (held.Count == 0) return (result.Point, result.Converged, false);
        var others = new HeldParameters(objective, psi, [.. Enumerable.Range(0, psi.Length).Except(held)]);
        var first = others.Evaluate(others.Free(psi));
        var rest = first.Theta.Length == 0 ? null : TrustRegion.Minimize(others, first, TrustRegion.FirstRadius(first.Theta), Tolerance, cancellationToken);
        var point = objective.Evaluate(rest is null ? psi : others.All(rest.Point.Theta));
        (evaluations, iterations) = (evaluations + 2 + (rest?.Evaluations ?? 0), iterations + (rest?.Iterations ?? 0));
        var pullsBack = held.Exists(k => Math.Sign(point.Theta[k]) * point.Gradient[k] > LimitRise);
        return (point, (rest?.Converged ?? true) && !pullsBack && IsReadable(deviance, data, point, 10 * Faithful), true);
    }

    /// <summary>Whether rows multiplied by R⁻½, from which everything is read beside random effects, still give the deviance.</summary>
    private static bool IsReadable(MarginalDeviance deviance, StandardizedData data, SmoothPoint point, double tolerance)
    {
        var count = deviance.Layout.Count;
        if (count == 0 || !double.IsFinite(point.Value)) return true;
        return Math.Abs(Whitened(deviance, data, point.Theta[count..]).Value(point.Theta.AsSpan(0, count)) - point.Value) <= tolerance * (1 + Math.Abs(point.Value));
    }

    /// <summary>The ordinary mixed model of whitened rows.</summary>
    private static ProfiledDeviance Whitened(MarginalDeviance deviance, StandardizedData data, double[] phi)
    {
        var whitened = new RowWhitening(data, deviance.Residual.Data, phi).Whiten();
        return new(whitened, BlockPlan.Allocate(whitened, BlockPlan.For(whitened.Data), team: null), deviance.Reml, deviance.Layout);
    }

    private static double Finite(double value) => double.IsNaN(value) ? double.PositiveInfinity : value;

    /// <summary>The random terms' moment start, as if residuals were independent.</summary>
    private static double[] MomentTheta(MarginalDeviance deviance, StandardizedData data)
    {
        if (deviance.Layout.Count == 0) return [];
        var plain = new ProfiledDeviance(data, BlockPlan.Allocate(data, BlockPlan.For(data.Data), team: null), deviance.Reml, deviance.Layout);
        return StartValues.Compute(plain, data);
    }

    /// <summary>At the phi of a point what is left is an ordinary mixed model: its boundary is looked at with the tools of that.</summary>
    private static (double? Cone, double[]? Restart, double[]? Canonical) Certify(
        MarginalDeviance deviance, StandardizedData data, SmoothPoint point, ref int evaluations)
    {
        var count = deviance.Layout.Count;
        var (theta, phi) = (point.Theta[..count], point.Theta[count..]);
        var plain = Whitened(deviance, data, phi);
        var snapped = LinearOptimizer.SnapToBoundary(plain, point with { Theta = theta }, ref evaluations);
        var canonical = snapped ?? deviance.Layout.Translate(deviance.Layout, theta);
        var restart = (double[])canonical.Clone();
        var cone = BoundaryCertificate.Check(plain, canonical, restart, out var violated);
        return (cone, violated ? [.. restart, .. phi] : null, [.. canonical, .. phi]);
    }

    private static LinearOptimum Ended(MarginalDeviance deviance, SmoothPoint point, int iterations, int evaluations, double? cone, bool proved, bool isLimit = false)
    {
        var count = deviance.Layout.Count;
        var flat = point.Hessian.Length == 0 ? -1 : LinearOptimizer.FlatParameter(point);
        return new(point.Theta[..count], point.Value, iterations, evaluations, Vectors.Norm(point.Gradient), cone, flat < count ? flat : -1, proved)
        {
            Phi = point.Theta[count..],
            IsResidualFlat = isLimit || flat >= count,
        };
    }
}
