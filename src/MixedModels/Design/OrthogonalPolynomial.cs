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

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
