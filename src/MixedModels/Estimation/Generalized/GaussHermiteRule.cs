using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>Gauss–Hermite quadrature for expectations under the standard normal distribution: E f(x) ≈ Σ weight·f(node), exact up to degree 2K − 1.</summary>
/// <remarks>
/// Source: Golub and Welsch 1969, Mathematics of Computation 23, 221–230 (nodes); weights by Christoffel's formula 1/Σ_j p_j(x)² over the
/// orthonormal polynomials, whose terms are all positive, so that the smallest keep their digits.
/// </remarks>
internal sealed class GaussHermiteRule
{
    private const int NewtonSteps = 3;

    /// <summary>The rule of some number of points.</summary>
    public GaussHermiteRule(int points)
    {
        var jacobi = new double[points * points];
        for (var k = 1; k < points; k++) jacobi[k + ((k - 1) * points)] = jacobi[k - 1 + (k * points)] = Math.Sqrt(k);
        Nodes = new double[points];
        Weights = new double[points];
        SymmetricEigen.Decompose(jacobi, points, points, Nodes);
        for (var k = 0; k < points; k++)
        {
            // p_K' = √K p_{K−1} for orthonormal Hermite polynomials.
            for (var step = 0; step < NewtonSteps; step++)
            {
                var (last, before, _) = Polynomials(Nodes[k], points);
                Nodes[k] -= last / (Math.Sqrt(points) * before);
            }

            Weights[k] = 1 / Polynomials(Nodes[k], points).SumOfSquares;
        }

        // The middle node of an odd rule is zero.
        if (points % 2 == 1) Nodes[points / 2] = 0;
    }

    /// <summary>The nodes, ascending.</summary>
    public double[] Nodes { get; }

    /// <summary>The weights, which sum to 1.</summary>
    public double[] Weights { get; }

    /// <summary>p_K, p_{K−1} and Σ_{j&lt;K} p_j² at x.</summary>
    private static (double Last, double Before, double SumOfSquares) Polynomials(double x, int points)
    {
        var (before, current, sum) = (0.0, 1.0, 0.0);
        for (var j = 0; j < points; j++)
        {
            sum += current * current;
            (before, current) = (current, ((x * current) - (Math.Sqrt(j) * before)) / Math.Sqrt(j + 1));
        }

        return (current, before, sum);
    }
}
