namespace MixedModels.Design;

/// <summary>
/// Polynomials orthonormal over the points they were learnt from, leading coefficients positive, as R's <c>poly</c>. Immutable.
/// </summary>
/// <remarks>
/// The three-term recurrence p₍ₖ₊₁₎ = (x − αₖ) pₖ − (‖pₖ‖² / ‖pₖ₋₁‖²) pₖ₋₁, with p₀ = 1.
/// Source: Forsythe (1957), Generation and use of orthogonal polynomials for data-fitting, J. SIAM 5, pp. 74–88.
/// </remarks>
internal sealed class OrthogonalPolynomial
{
    private readonly double[] alpha;
    private readonly double[] squaredNorms;

    private OrthogonalPolynomial(double[] alpha, double[] squaredNorms)
    {
        this.alpha = alpha;
        this.squaredNorms = squaredNorms;
    }

    private int Degree => alpha.Length;

    /// <summary>Learns the recurrence from points of which more than <paramref name="degree"/> are distinct. O(n · degree²).</summary>
    public static OrthogonalPolynomial Learn(ReadOnlySpan<double> points, int degree)
    {
        var n = points.Length;
        var shifts = new double[degree];
        var norms = new double[degree + 1];
        var basis = new List<double[]> { new double[n] };
        Array.Fill(basis[0], 1.0);
        norms[0] = n;
        for (var k = 0; k < degree; k++)
        {
            var current = basis[k];
            var weighted = 0.0;
            for (var i = 0; i < n; i++)
                weighted += points[i] * current[i] * current[i];
            shifts[k] = weighted / norms[k];
            var following = new double[n];
            for (var i = 0; i < n; i++)
                following[i] = ((points[i] - shifts[k]) * current[i]) - (k > 0 ? norms[k] / norms[k - 1] * basis[k - 1][i] : 0);
            basis.Add(following);
            norms[k + 1] = Dot(following, following);
        }

        return new OrthogonalPolynomial(shifts, norms);
    }

    /// <summary>The normalised polynomials 1 … degree at points, n×degree, column-major. NaN where the point is.</summary>
    public double[] Evaluate(ReadOnlySpan<double> points)
    {
        var n = points.Length;
        var values = new double[n * Degree];
        for (var i = 0; i < n; i++)
        {
            double previous = 0;
            double current = 1;
            for (var k = 0; k < Degree; k++)
            {
                var ratio = k > 0 ? squaredNorms[k] / squaredNorms[k - 1] : 0;
                (previous, current) = (current, ((points[i] - alpha[k]) * current) - (ratio * previous));
                values[(k * n) + i] = current / Math.Sqrt(squaredNorms[k + 1]);
            }
        }

        return values;
    }

    /// <summary>
    /// The orthonormal polynomials 1 … degree at the points themselves, n×degree, column-major: each is x times the one before,
    /// orthogonalised twice against all before, which holds at high degrees where the recurrence drifts. O(n · degree²).
    /// </summary>
    public static double[] Orthonormal(double[] points, int degree)
    {
        var n = points.Length;
        var mean = points.Average();
        var constant = new double[n];
        Array.Fill(constant, 1 / Math.Sqrt(n));
        var basis = new List<double[]> { constant };
        for (var k = 0; k < degree; k++)
        {
            var column = new double[n];
            for (var i = 0; i < n; i++)
                column[i] = (points[i] - mean) * basis[k][i];
            for (var pass = 0; pass < 2; pass++)
            {
                foreach (var q in basis)
                    Subtract(column, Dot(q, column), q);
            }

            var norm = Math.Sqrt(Dot(column, column));
            basis.Add(Array.ConvertAll(column, value => value / norm));
        }

        return [.. basis.Skip(1).SelectMany(column => column)];
    }

    private static void Subtract(double[] column, double factor, double[] other)
    {
        for (var i = 0; i < column.Length; i++)
            column[i] -= factor * other[i];
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
