using MixedModels.Families;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Generalized;

/// <summary>
/// One level's likelihood by adaptive quadrature around its mode, and what its derivative needs. A work space of one thread.
/// </summary>
/// <remarks>
/// With M_l = RR' and nodes u_k = û + R⁻ᵀx_k: L_l = |R|⁻¹ Σ_k w_k exp(½x_k'x_k + log f(y_l | u_k) − ½u_k'u_k) (Liu and Pierce 1994, Biometrika 81,
/// 624–629; Pinheiro and Bates 1995). One point is Laplace's approximation, so <see cref="LogRatio"/> is what more points add to it.
/// </remarks>
internal sealed class QuadratureLevel(GeneralizedData data, QuadratureGrid grid)
{
    private readonly int p = grid.Dimension;
    private readonly double[] logWeights = new double[grid.Count];
    private readonly double[] deltas = new double[grid.Count * grid.Dimension];
    private double[] first = [];
    private double[] images = [];

    /// <summary>What the nodes add to the log of Laplace's approximation.</summary>
    public double LogRatio { get; private set; }

    /// <summary>R, the lower factor of M_l (p×p).</summary>
    public double[] R { get; } = new double[grid.Dimension * grid.Dimension];

    /// <summary>The nodes' shares of the likelihood.</summary>
    public ReadOnlySpan<double> Shares => logWeights;

    /// <summary>T'z of the rows, p a row, in the level's order.</summary>
    public ReadOnlySpan<double> Images => images;

    /// <summary>R⁻ᵀx_k, p a node.</summary>
    public ReadOnlySpan<double> Deltas => deltas;

    /// <summary>l' of the rows at the nodes: row i of node k at k·rows + i.</summary>
    public ReadOnlySpan<double> First => first;

    /// <summary>Evaluates the level; false where M_l is not positive definite.</summary>
    /// <param name="rows">The level's rows.</param>
    /// <param name="z">p columns of n.</param>
    /// <param name="T">p×p.</param>
    /// <param name="mode">The mode: predictors and densities at it.</param>
    /// <param name="u">p spherical effects of the level.</param>
    /// <param name="psi">The family's parameters.</param>
    public bool Evaluate(ReadOnlySpan<int> rows, double[][] z, double[] T, ConditionalMode mode, ReadOnlySpan<double> u, ReadOnlySpan<double> psi)
    {
        if (first.Length < rows.Length * grid.Count) (first, images) = (new double[rows.Length * grid.Count], new double[rows.Length * p]);
        if (!Factor(rows, z, T, mode.Densities.Weights)) return false;
        var (family, atMode) = (data.Family, 0.0);
        foreach (var row in rows) atMode += data.Frequency(row) * family.Kernel(data.Rows[row], mode.Eta[row], psi).Value;
        var largest = double.NegativeInfinity;
        for (var k = 0; k < grid.Count; k++)
        {
            var delta = deltas.AsSpan(k * p, p);
            grid.Nodes.AsSpan(k * p, p).CopyTo(delta);
            TriangularSolve.LowerTransposed(R, p, p, delta, 1, p);
            var sum = grid.LogWeights[k] - atMode - Vectors.Dot(u, delta) - (0.5 * Vectors.SumOfSquares(delta));
            for (var i = 0; i < rows.Length; i++)
            {
                var l = family.Kernel(data.Rows[rows[i]], mode.Eta[rows[i]] + Vectors.Dot(images.AsSpan(i * p, p), delta), psi);
                var frequency = data.Frequency(rows[i]);
                sum += frequency * l.Value;
                first[(k * rows.Length) + i] = frequency * l.First;
            }

            // A node outside the range of the link has no likelihood.
            logWeights[k] = double.IsNaN(sum) ? double.NegativeInfinity : sum;
            largest = Math.Max(largest, logWeights[k]);
        }

        Normalize(largest);
        return double.IsFinite(LogRatio);
    }

    private bool Factor(ReadOnlySpan<int> rows, double[][] z, double[] T, double[] weights)
    {
        Array.Clear(R);
        for (var j = 0; j < p; j++) R[j * (p + 1)] = 1;
        for (var i = 0; i < rows.Length; i++)
        {
            var image = images.AsSpan(i * p, p);
            for (var j = 0; j < p; j++)
            {
                image[j] = 0;
                for (var k = j; k < p; k++) image[j] += T[k + (j * p)] * z[k][rows[i]];
            }

            for (var j = 0; j < p; j++) Vectors.AddScaled(weights[rows[i]] * image[j], image, R.AsSpan(j * p, p));
        }

        return Cholesky.Factor(R, p, p) < 0;
    }

    private void Normalize(double largest)
    {
        var sum = 0.0;
        for (var k = 0; k < logWeights.Length; k++)
        {
            logWeights[k] = Math.Exp(logWeights[k] - largest);
            sum += logWeights[k];
        }

        for (var k = 0; k < logWeights.Length; k++) logWeights[k] /= sum;
        LogRatio = largest + Math.Log(sum);
    }
}
