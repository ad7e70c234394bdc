namespace MixedModels.Optimization;

/// <summary>An objective with some of its parameters held where they are. A workspace of one thread.</summary>
/// <param name="objective">The objective.</param>
/// <param name="origin">All parameters.</param>
/// <param name="free">The places of those that are free.</param>
internal sealed class HeldParameters(ISmoothObjective objective, double[] origin, int[] free) : ISmoothObjective
{
    /// <inheritdoc/>
    public int Dimension => free.Length;

    /// <summary>The free parameters of a point of the objective.</summary>
    public double[] Free(double[] all) => Array.ConvertAll(free, place => all[place]);

    /// <summary>All parameters.</summary>
    public double[] All(ReadOnlySpan<double> parameters)
    {
        var all = (double[])origin.Clone();
        for (var k = 0; k < free.Length; k++) all[free[k]] = parameters[k];
        return all;
    }

    /// <inheritdoc/>
    public SmoothPoint Evaluate(ReadOnlySpan<double> parameters)
    {
        var point = objective.Evaluate(All(parameters));
        if (!double.IsFinite(point.Value)) return new(parameters.ToArray(), double.NaN, [], []);
        var hessian = new double[free.Length * free.Length];
        for (var l = 0; l < free.Length; l++)
        {
            for (var k = 0; k < free.Length; k++) hessian[k + (l * free.Length)] = point.Hessian[free[k] + (free[l] * origin.Length)];
        }

        return new(parameters.ToArray(), point.Value, Free(point.Gradient), hessian);
    }
}
