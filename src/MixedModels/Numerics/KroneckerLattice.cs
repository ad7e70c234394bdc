namespace MixedModels.Numerics;

/// <summary>Points spread evenly over the unit cube, in shifted copies whose spread gives the error of a mean over them. Immutable.</summary>
/// <remarks>
/// Point j has the coordinates |2·frac(j √p_i + shift_i) − 1|, p_i the i-th prime: a Kronecker sequence folded so that the integrand is
/// continued periodically. Source: Richtmyer 1951, The evaluation of definite integrals and a quasi-Monte Carlo method, Los Alamos LA-1342;
/// Hickernell 2002, Obtaining O(N^(−2+ε)) convergence for lattice quadrature rules, section 2 (the folding).
/// </remarks>
internal sealed class KroneckerLattice
{
    private readonly double[] directions;

    /// <summary>Prepares the directions of a number of dimensions.</summary>
    public KroneckerLattice(int dimensions)
    {
        directions = new double[dimensions];
        var candidate = 2;
        for (var i = 0; i < dimensions; candidate++)
        {
            if (!IsPrime(candidate)) continue;
            var root = Math.Sqrt(candidate);
            directions[i++] = root - Math.Floor(root);
        }
    }

    /// <summary>Writes a point.</summary>
    /// <param name="index">Which point, from 0.</param>
    /// <param name="shift">A shift in [0, 1) a dimension.</param>
    /// <param name="point">The point, a coordinate a dimension.</param>
    public void Point(int index, ReadOnlySpan<double> shift, Span<double> point)
    {
        for (var i = 0; i < directions.Length; i++)
        {
            var x = ((index + 1) * directions[i]) + shift[i];
            point[i] = Math.Abs((2 * (x - Math.Floor(x))) - 1);
        }
    }

    private static bool IsPrime(int number)
    {
        for (var divisor = 2; divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0) return false;
        }

        return true;
    }
}
