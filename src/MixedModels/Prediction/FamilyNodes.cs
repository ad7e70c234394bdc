using MixedModels.Estimation.Generalized;
using MixedModels.LinearAlgebra;

namespace MixedModels.Prediction;

/// <summary>The family's parameters as a discrete distribution over nodes: one node where they count as known, else a Gauss–Hermite rule of their normal approximation. Immutable.</summary>
internal sealed class FamilyNodes
{
    /// <summary>Points a parameter: exact for polynomials of degree 9 in its logarithm, which is known to some tenths.</summary>
    private const int Points = 5;

    /// <summary>A logarithm known no better than this belongs to a parameter that runs to its limit, and counts as known.</summary>
    private const double MostError = 3;

    /// <summary>L⁻¹ of the covariance LL' of the uncertain parameters, lower triangular.</summary>
    private readonly double[] inverseRoot;

    private readonly int[] uncertain;

    private FamilyNodes(double[][] psi, double[] weights, double[][] points, int[] uncertain, double[] inverseRoot)
    {
        (Psi, Weights, StandardPoints) = (psi, weights, points);
        (this.uncertain, this.inverseRoot) = (uncertain, inverseRoot);
    }

    /// <summary>A node: the parameters psi.</summary>
    public double[][] Psi { get; }

    /// <summary>The nodes' weights, which sum to 1.</summary>
    public double[] Weights { get; }

    /// <summary>A node: independent standard normal coordinates of the uncertain parameters.</summary>
    public double[][] StandardPoints { get; }

    /// <summary>Parameters that count as known.</summary>
    public static FamilyNodes Known(double[] psi) => new([psi], [1], [[]], [], []);

    /// <summary>Parameters with a covariance.</summary>
    /// <param name="psi">Their estimates.</param>
    /// <param name="covariance">Their covariance (k×k); one of which nothing is known counts as known.</param>
    public static FamilyNodes Of(double[] psi, double[] covariance)
    {
        var k = psi.Length;
        int[] free = [.. Enumerable.Range(0, k).Where(i => covariance[i * (k + 1)] is > 0 and < MostError * MostError)];
        var m = free.Length;
        if (m == 0) return Known(psi);
        var root = new double[m * m];
        for (var j = 0; j < m; j++)
        {
            for (var i = 0; i < m; i++) root[i + (j * m)] = covariance[free[i] + (free[j] * k)];
        }

        if (Cholesky.Factor(root, m, m) >= 0) return Known(psi);
        var inverse = new double[m * m];
        for (var j = 0; j < m; j++) inverse[j * (m + 1)] = 1;
        TriangularSolve.Lower(root, m, m, inverse, m, m);
        var grid = new QuadratureGrid(new GaussHermiteRule(Points), m);
        var (nodes, weights, points) = (new double[grid.Count][], new double[grid.Count], new double[grid.Count][]);
        for (var node = 0; node < grid.Count; node++)
        {
            var x = points[node] = grid.Nodes.AsSpan(node * m, m).ToArray();
            weights[node] = Math.Exp(grid.LogWeights[node] - (0.5 * Vectors.SumOfSquares(x)));
            nodes[node] = (double[])psi.Clone();
            for (var i = 0; i < m; i++)
            {
                for (var j = 0; j <= i; j++) nodes[node][free[i]] += root[i + (j * m)] * x[j];
            }
        }

        return new(nodes, weights, points, free, inverse);
    }

    /// <summary>L⁻¹c of the covariances c of a quantity with all of the family's parameters: its weights on the standard coordinates.</summary>
    public double[] Loadings(ReadOnlySpan<double> covariances)
    {
        var m = uncertain.Length;
        var loadings = new double[m];
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j <= i; j++) loadings[i] += inverseRoot[i + (j * m)] * covariances[uncertain[j]];
        }

        return loadings;
    }
}
