using MixedModels.Optimization;

namespace MixedModels.Inference.Profile;

/// <summary>A free parameter of a slice: it moves some coordinates of Phi together, each by its weight times the parameter or its exponential.</summary>
/// <param name="Entries">The coordinates.</param>
/// <param name="Weights">Their weights.</param>
/// <param name="IsLogarithm">Whether the parameter is a logarithm, so that what it stands for stays positive.</param>
internal sealed record FreeDirection(int[] Entries, double[] Weights, bool IsLogarithm)
{
    /// <summary>One coordinate as it is.</summary>
    public static FreeDirection Coordinate(int entry) => new([entry], [1], IsLogarithm: false);

    /// <summary>Coordinates that are a positive number times their weights.</summary>
    public static FreeDirection Positive(int[] entries, double[] weights) => new(entries, weights, IsLogarithm: true);
}

/// <summary>The deviance over the free parameters of a slice, the rest of Phi held.</summary>
internal sealed class DevianceSlice : IDevianceSlice
{
    private readonly ISmoothObjective deviance;
    private readonly FreeDirection[] directions;
    private readonly double[] origin;

    /// <summary>The slice through Phi in which one coordinate is held.</summary>
    public static DevianceSlice Without(ISmoothObjective deviance, double[] Phi, int place) =>
        new(deviance, Phi, [.. Enumerable.Range(0, Phi.Length).Where(k => k != place).Select(FreeDirection.Coordinate)]);

    /// <summary>Lays a slice through Phi.</summary>
    public DevianceSlice(ISmoothObjective deviance, double[] Phi, FreeDirection[] directions)
    {
        (this.deviance, this.directions, origin) = (deviance, directions, Phi);
        Start = new double[directions.Length];
        for (var k = 0; k < Start.Length; k++)
        {
            var (largest, weight) = (0, 0.0);
            for (var e = 0; e < directions[k].Weights.Length; e++)
            {
                if (Math.Abs(directions[k].Weights[e]) > Math.Abs(weight)) (largest, weight) = (e, directions[k].Weights[e]);
            }

            var length = Phi[directions[k].Entries[largest]] / weight;
            Start[k] = directions[k].IsLogarithm ? Math.Log(length) : length;
        }
    }

    /// <inheritdoc/>
    public int Dimension => directions.Length;

    /// <inheritdoc/>
    public double[] Start { get; }

    /// <inheritdoc/>
    public double[] Phi(ReadOnlySpan<double> free)
    {
        var Phi = (double[])origin.Clone();
        for (var k = 0; k < directions.Length; k++)
        {
            var length = directions[k].IsLogarithm ? Math.Exp(free[k]) : free[k];
            for (var e = 0; e < directions[k].Entries.Length; e++) Phi[directions[k].Entries[e]] = length * directions[k].Weights[e];
        }

        return Phi;
    }

    /// <inheritdoc/>
    public SmoothPoint Evaluate(ReadOnlySpan<double> free)
    {
        var point = deviance.Evaluate(Phi(free));
        if (!double.IsFinite(point.Value)) return new(free.ToArray(), double.NaN, [], []);
        var (count, full) = (directions.Length, point.Theta.Length);
        var gradient = new double[count];
        var hessian = new double[count * count];
        for (var k = 0; k < count; k++)
        {
            var outer = Factor(k, free);
            for (var e = 0; e < directions[k].Entries.Length; e++) gradient[k] += outer * directions[k].Weights[e] * point.Gradient[directions[k].Entries[e]];
            for (var l = 0; l < count; l++)
            {
                var sum = 0.0;
                for (var e = 0; e < directions[k].Entries.Length; e++)
                {
                    for (var f = 0; f < directions[l].Entries.Length; f++)
                        sum += directions[k].Weights[e] * directions[l].Weights[f] * point.Hessian[directions[k].Entries[e] + (directions[l].Entries[f] * full)];
                }

                hessian[k + (l * count)] = outer * Factor(l, free) * sum;
            }
        }

        // d²/dx² of f(e^x w): the second derivative of e^x brings the gradient once more.
        for (var k = 0; k < count; k++)
        {
            if (directions[k].IsLogarithm) hessian[k * (count + 1)] += gradient[k];
        }

        return new(free.ToArray(), point.Value, gradient, hessian);
    }

    private double Factor(int k, ReadOnlySpan<double> free) => directions[k].IsLogarithm ? Math.Exp(free[k]) : 1;
}
