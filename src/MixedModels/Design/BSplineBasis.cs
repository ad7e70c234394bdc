namespace MixedModels.Design;

/// <summary>
/// B-splines over a knot sequence whose ends are repeated; beyond the ends the first and last polynomial piece continues. Immutable.
/// </summary>
/// <remarks>Source: de Boor (2001), A Practical Guide to Splines, chapters IX (recurrence 14) and X (derivative, equation 15).</remarks>
internal sealed class BSplineBasis
{
    private readonly double[] knots;
    private readonly int order;

    /// <summary>Creates the basis.</summary>
    /// <param name="lower">The lower boundary knot.</param>
    /// <param name="interior">The interior knots, ascending, within the boundary.</param>
    /// <param name="upper">The upper boundary knot.</param>
    /// <param name="degree">The polynomial degree, at least 1.</param>
    public BSplineBasis(double lower, IReadOnlyList<double> interior, double upper, int degree)
    {
        order = degree + 1;
        knots = [.. Enumerable.Repeat(lower, order), .. interior, .. Enumerable.Repeat(upper, order)];
    }

    /// <summary>The number of basis functions: interior knots + order.</summary>
    public int Count => knots.Length - order;

    /// <summary>All basis functions, or a derivative of theirs, at one point. O(order²).</summary>
    /// <param name="x">The point.</param>
    /// <param name="derivative">0 for the value.</param>
    /// <param name="values">Room for <see cref="Count"/> numbers.</param>
    public void Evaluate(double x, int derivative, Span<double> values)
    {
        values.Clear();
        var span = FindSpan(x);
        Span<double> local = stackalloc double[order];
        local.Clear();

        // local[j] is the function that begins at knot span − k + 1 + j, for order k.
        local[0] = 1;
        for (var k = 2; k <= order; k++)
            Raise(x, span, k, isDerivative: k > order - derivative, local);
        for (var j = 0; j < order; j++)
            values[span - order + 1 + j] = local[j];
    }

    // From order k − 1 to k in place: the value by the recurrence, or the derivative by that of the lower order.
    private void Raise(double x, int span, int k, bool isDerivative, Span<double> local)
    {
        for (var j = k - 1; j >= 0; j--)
        {
            var first = span - k + 1 + j;
            var rising = j > 0 ? local[j - 1] / (knots[first + k - 1] - knots[first]) : 0;
            var falling = j < k - 1 ? local[j] / (knots[first + k] - knots[first + 1]) : 0;
            local[j] = isDerivative
                ? (k - 1) * (rising - falling)
                : ((x - knots[first]) * rising) + ((knots[first + k] - x) * falling);
        }
    }

    // The last index with knots[index] ≤ x < knots[index + 1], clamped to the pieces inside the boundary.
    private int FindSpan(double x)
    {
        var low = order - 1;
        var high = knots.Length - order - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (knots[middle] <= x)
                low = middle;
            else
                high = middle - 1;
        }

        // Repeated interior knots leave empty pieces.
        while (low > order - 1 && knots[low + 1] <= knots[low])
            low--;
        return low;
    }
}
