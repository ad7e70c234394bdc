using MixedModels.Optimization;

namespace MixedModels.Estimation.Linear;

/// <summary>One descent from a start to where a method stops, in the deviance's own parameters.</summary>
internal static class LinearSearch
{
    /// <summary>The Newton decrement at which the trust region stops, in units of deviance: far below what any result shows.</summary>
    private const double Tolerance = 1e-10;

    /// <summary>The decrement at which parameters are adapted: near enough for the principal axes to stay, early enough to pay.</summary>
    private const double RoughTolerance = 1;

    /// <summary>EM and the simplex stop by changes of the value; the decrement left must then be below this to count as an optimum.</summary>
    private const double LooseTolerance = 1e-5;

    /// <summary>The change of the deviance a step, relative to its size, at which EM stops.</summary>
    private const double SmallestChange = 1e-14;

    private const int MostEmSteps = 20_000;

    private const int MostSimplexEvaluations = 20_000;

    /// <summary>Descends by a method.</summary>
    public static TrustRegionResult Descend(ProfiledDeviance deviance, double[] theta, OptimizationMethod method, CancellationToken cancellationToken) =>
        method switch
        {
            OptimizationMethod.ExpectationMaximization => Expectation(deviance, theta, expanded: false, cancellationToken),
            OptimizationMethod.ParameterExpandedEm => Expectation(deviance, theta, expanded: true, cancellationToken),
            OptimizationMethod.DerivativeFree => Simplex(deviance, theta, cancellationToken),
            _ => Newton(deviance, theta, cancellationToken),
        };

    /// <summary>
    /// The trust region, first roughly; then, where a covariance has come near a singular one, in parameters adapted to it, and to the end.
    /// </summary>
    private static TrustRegionResult Newton(ProfiledDeviance deviance, double[] theta, CancellationToken cancellationToken)
    {
        var objective = Corrected(deviance);
        var first = objective.Evaluate(theta);
        if (!double.IsFinite(first.Value)) return new(first, 0, 1, double.NaN, Converged: false, 0);
        var rough = TrustRegion.Minimize(objective, first, TrustRegion.FirstRadius(theta), RoughTolerance, cancellationToken);
        var (adapted, middle, translations) = Adapt(deviance, rough.Point);
        if (adapted != deviance) objective = Corrected(adapted);
        var last = TrustRegion.Minimize(objective, middle, rough.Radius, Tolerance, cancellationToken);
        var evaluations = 1 + rough.Evaluations + translations + last.Evaluations;
        var point = last.Point;
        if (adapted != deviance || !deviance.Layout.IsCanonical(point.Theta))
        {
            point = deviance.Evaluate(deviance.Layout.Canonical(adapted.Layout, point.Theta));
            evaluations++;
        }

        return last with { Point = point, Iterations = rough.Iterations + last.Iterations, Evaluations = evaluations };
    }

    /// <summary>The deviance in parameters adapted to a point, and the point in them; both as they are where nothing gains by it.</summary>
    private static (ProfiledDeviance Deviance, SmoothPoint Point, int Evaluations) Adapt(ProfiledDeviance deviance, SmoothPoint point)
    {
        var layout = deviance.Layout.AdaptedTo(point.Theta);
        if (layout == deviance.Layout) return (deviance, point, 0);
        var adapted = deviance.With(layout);
        var translated = adapted.Evaluate(layout.Translate(deviance.Layout, point.Theta));

        // Where sigma² runs to zero, rounding in the translation can pass the edge of what is defined.
        return double.IsFinite(translated.Value) ? (adapted, translated, 1) : (deviance, point, 1);
    }

    /// <summary>The deviance; where its Hessian is the average information, with what that leaves out learnt from the gradients.</summary>
    private static ISmoothObjective Corrected(ProfiledDeviance deviance) =>
        LinearDerivatives.IsExact(deviance.System) ? deviance : new SecantCorrected(deviance);

    private static TrustRegionResult Expectation(ProfiledDeviance deviance, double[] theta, bool expanded, CancellationToken cancellationToken)
    {
        var em = new ExpectationMaximization(deviance, expanded);
        var previous = double.PositiveInfinity;
        var step = 0;
        for (; step < MostEmSteps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var next = em.Step(theta, step, out var value);
            if (!double.IsFinite(value) || previous - value <= SmallestChange * Math.Abs(value)) break;
            (theta, previous) = (next, value);
        }

        return Judge(deviance, theta, step, step + 1);
    }

    private static TrustRegionResult Simplex(ProfiledDeviance deviance, double[] theta, CancellationToken cancellationToken)
    {
        var result = NelderMead.Minimize(point => deviance.Value(point), theta, 1e-11, MostSimplexEvaluations, cancellationToken);
        return Judge(deviance, deviance.Layout.Canonical(deviance.Layout, result.Theta), result.Iterations, result.Evaluations);
    }

    /// <summary>What a search without derivatives reached, judged by the derivatives there.</summary>
    private static TrustRegionResult Judge(ProfiledDeviance deviance, double[] theta, int iterations, int evaluations)
    {
        var point = deviance.Evaluate(theta);
        var decrement = double.IsFinite(point.Value) ? TrustRegion.Decrement(point) : double.NaN;
        return new(point, iterations, evaluations + 1, decrement, decrement <= LooseTolerance, 0);
    }
}
