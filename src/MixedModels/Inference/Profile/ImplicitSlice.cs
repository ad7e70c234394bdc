using MixedModels.Numerics;
using MixedModels.Optimization;

namespace MixedModels.Inference.Profile;

/// <summary>
/// The deviance where a function g of Phi is held at a value: one coordinate, the pivot, is what the others make it, x_j = h(rest), so that the search
/// over the others is free, with exact derivatives. A workspace of one thread.
/// </summary>
/// <remarks>
/// With h_a = −g_a/g_j and h_ab = −(g_ab + g_aj h_b + g_jb h_a + g_jj h_a h_b)/g_j the derivatives of D(rest, h(rest)) are D_a + D_j h_a and
/// D_ab + D_aj h_b + D_jb h_a + D_jj h_a h_b + D_j h_ab.
/// </remarks>
internal sealed class ImplicitSlice : IDevianceSlice
{
    private const int MostSteps = 60;

    /// <summary>g holds to this, which is far below what a profile shows.</summary>
    private const double Tolerance = 1e-12;

    /// <summary>The longest step of the pivot: in coordinates of order one a curve may turn within it.</summary>
    private const double LongestStep = 1;

    private readonly ISmoothObjective deviance;
    private readonly Func<double[], Jet> g;
    private readonly double[] origin;
    private readonly int pivot;
    private readonly double value;

    /// <summary>Lays a slice through the point nearest to Phi at which g has the value.</summary>
    /// <param name="deviance">The deviance.</param>
    /// <param name="Phi">A point nearby.</param>
    /// <param name="g">The function, with derivatives in all of Phi.</param>
    /// <param name="value">Its value.</param>
    public ImplicitSlice(ISmoothObjective deviance, double[] Phi, Func<double[], Jet> g, double value)
    {
        (this.deviance, this.g, this.value) = (deviance, g, value);
        origin = (double[])Phi.Clone();
        IsFeasible = Approach(origin);
        var slopes = g(origin).First;
        for (var k = 1; k < slopes.Length; k++)
        {
            if (Math.Abs(slopes[k]) > Math.Abs(slopes[pivot])) pivot = k;
        }

        Start = [.. origin.Where((_, k) => k != pivot)];
    }

    /// <summary>Whether a point with the value was found.</summary>
    public bool IsFeasible { get; }

    /// <inheritdoc/>
    public int Dimension => origin.Length - 1;

    /// <inheritdoc/>
    public double[] Start { get; }

    /// <inheritdoc/>
    public double[] Phi(ReadOnlySpan<double> free)
    {
        var Phi = new double[origin.Length];
        for (var k = 0; k < Phi.Length; k++) Phi[k] = k == pivot ? origin[k] : free[k < pivot ? k : k - 1];
        for (var step = 0; step < MostSteps; step++)
        {
            var own = g(Phi);
            var miss = value - own.Value;
            if (Math.Abs(miss) <= Tolerance * (1 + Math.Abs(value))) return Phi;
            var move = miss / own.First[pivot];
            if (!double.IsFinite(move)) break;
            Phi[pivot] += Math.Clamp(move, -LongestStep, LongestStep);
        }

        Phi[pivot] = double.NaN;
        return Phi;
    }

    /// <inheritdoc/>
    public SmoothPoint Evaluate(ReadOnlySpan<double> free)
    {
        var Phi = this.Phi(free);
        if (double.IsNaN(Phi[pivot])) return new(free.ToArray(), double.NaN, [], []);
        var point = deviance.Evaluate(Phi);
        if (!double.IsFinite(point.Value)) return new(free.ToArray(), double.NaN, [], []);
        var (own, count, full) = (g(Phi), Dimension, origin.Length);
        int[] rest = [.. Enumerable.Range(0, full).Where(k => k != pivot)];
        double Second(int i, int j) => own.Second.Length == 0 ? 0 : own.Second[Jet.Pair(Math.Max(i, j), Math.Min(i, j))];
        var slope = own.First[pivot];
        double[] h = [.. rest.Select(k => -own.First[k] / slope)];
        var (D, H) = (point.Gradient, point.Hessian);
        var (gradient, hessian) = (new double[count], new double[count * count]);
        for (var a = 0; a < count; a++)
        {
            gradient[a] = D[rest[a]] + (D[pivot] * h[a]);
            for (var b = 0; b < count; b++)
            {
                var (i, j) = (rest[a], rest[b]);
                var bend = -(Second(i, j) + (Second(i, pivot) * h[b]) + (Second(pivot, j) * h[a]) + (Second(pivot, pivot) * h[a] * h[b])) / slope;
                hessian[a + (b * count)] = H[i + (j * full)] + (H[i + (pivot * full)] * h[b]) + (H[pivot + (j * full)] * h[a])
                    + (H[pivot + (pivot * full)] * h[a] * h[b]) + (D[pivot] * bend);
            }
        }

        return new(free.ToArray(), point.Value, gradient, hessian);
    }

    /// <summary>Newton's steps along the gradient of g: the shortest way to its value.</summary>
    private bool Approach(double[] Phi)
    {
        for (var step = 0; step < MostSteps; step++)
        {
            var own = g(Phi);
            var miss = value - own.Value;
            if (Math.Abs(miss) <= Tolerance * (1 + Math.Abs(value))) return true;
            var square = own.First.Sum(slope => slope * slope);
            if (!(square > 0)) return false;
            var length = Math.Clamp(miss / Math.Sqrt(square), -LongestStep, LongestStep);
            for (var k = 0; k < Phi.Length; k++) Phi[k] += length * own.First[k] / Math.Sqrt(square);
        }

        return false;
    }
}
