namespace MixedModels.Design;

/// <summary>Knots of a spline over data: the range as boundary, interior knots at equally spaced quantiles.</summary>
/// <param name="Lower">The lower boundary knot.</param>
/// <param name="Interior">The interior knots, ascending.</param>
/// <param name="Upper">The upper boundary knot.</param>
internal sealed record SplineKnots(double Lower, IReadOnlyList<double> Interior, double Upper)
{
    /// <summary>Places <paramref name="interiorCount"/> knots at the quantiles 1/(k + 1), …, k/(k + 1) of the values within the boundary.</summary>
    /// <param name="values">The values, none missing.</param>
    /// <param name="interiorCount">How many interior knots.</param>
    /// <param name="boundary">The boundary, or null for the range of the values.</param>
    public static SplineKnots Learn(double[] values, int interiorCount, (double Lower, double Upper)? boundary)
    {
        var sorted = values.Order().ToArray();
        var (lower, upper) = boundary ?? (sorted[0], sorted[^1]);
        var inside = sorted.Where(value => value >= lower && value <= upper).ToArray();
        var interior = new double[interiorCount];
        for (var k = 0; k < interiorCount; k++)
            interior[k] = Quantile(inside, (k + 1.0) / (interiorCount + 1));
        return new SplineKnots(lower, interior, upper);
    }

    /// <summary>The quantile that interpolates between order statistics.</summary>
    /// <remarks>Source: Hyndman &amp; Fan (1996), Sample quantiles in statistical packages, The American Statistician 50, definition 7.</remarks>
    internal static double Quantile(ReadOnlySpan<double> sorted, double probability)
    {
        var place = (sorted.Length - 1) * probability;
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
