using MixedModels.LinearAlgebra;

namespace MixedModels.Optimization;

/// <summary>
/// An objective whose Hessian is only an approximation A, corrected near the minimum by what its gradients did between evaluations: A + E
/// with (mean of A over a step + E)·step = change of the gradient, by the least change of E in the metric of A.
/// </summary>
/// <remarks>
/// Newton steps with A alone shrink the distance to the minimum by a constant factor, with A + E by an ever smaller one. Source: Greenstadt
/// 1970, Variations on variable-metric methods, Mathematics of Computation 24, 1–22, applied to the part of the Hessian that A leaves out.
/// </remarks>
internal sealed class SecantCorrected : ISmoothObjective
{
    /// <summary>
    /// Steps from points with a larger decrement, in units of the function, are too long to learn from: what A leaves out changes along them by
    /// more than A is wrong at the end (an exact secant from a decrement of 6 cost two of six problems an evaluation).
    /// </summary>
    private const double NearDecrement = 0.1;

    private readonly double[] E;
    private readonly ISmoothObjective inner;
    private SmoothPoint? last;

    public SecantCorrected(ISmoothObjective inner) => (this.inner, E) = (inner, new double[inner.Dimension * inner.Dimension]);

    /// <inheritdoc/>
    public int Dimension => inner.Dimension;

    /// <inheritdoc/>
    public SmoothPoint Evaluate(ReadOnlySpan<double> theta)
    {
        var point = inner.Evaluate(theta);
        if (!double.IsFinite(point.Value)) return point;
        if (last is not null && TrustRegion.Decrement(last) <= NearDecrement) Update(last, point);
        last = point;
        var corrected = (double[])point.Hessian.Clone();
        Vectors.AddScaled(1, E, corrected);
        return point with { Hessian = corrected };
    }

    private void Update(SmoothPoint from, SmoothPoint to)
    {
        var k = Dimension;
        var step = new double[k];
        var rest = new double[k];
        for (var i = 0; i < k; i++) (step[i], rest[i]) = (to.Theta[i] - from.Theta[i], to.Gradient[i] - from.Gradient[i]);
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < k; i++) rest[i] -= ((0.5 * (from.Hessian[i + (j * k)] + to.Hessian[i + (j * k)])) + E[i + (j * k)]) * step[j];
        }

        // u = A·step/(step'A·step).
        var u = new double[k];
        for (var j = 0; j < k; j++) Vectors.AddScaled(step[j], to.Hessian.AsSpan(j * k, k), u);
        var length = Vectors.Dot(u, step);
        if (!(length > 0)) return;
        Vectors.Scale(1 / length, u);
        var along = Vectors.Dot(rest, step);
        for (var j = 0; j < k; j++)
        {
            for (var i = 0; i < k; i++) E[i + (j * k)] += (rest[i] * u[j]) + (u[i] * rest[j]) - (along * u[i] * u[j]);
        }
    }
}
