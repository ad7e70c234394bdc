using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Inference.Robust;

/// <summary>
/// One cluster in an orthonormal basis of the columns of [Z_j X_j], rows scaled by the root of their weight: outside of it V is sigma² I
/// and X_j is zero, so that every adjustment is the identity there and only r ≤ min(n_j, q_j + p) dimensions are left. With dependent or unequal residuals
/// all n_j are.
/// </summary>
internal sealed class ClusterBlock
{
    /// <summary>A column of which less is left than this share of its norm lies in the span of those before it.</summary>
    private const double Dependent = 1e-10;

    private ClusterBlock(int r, double[] U, double[] e, double[] V0) => (this.r, this.U, this.e, this.V0) = (r, U, e, V0);

    /// <summary>The number of dimensions.</summary>
    public int r { get; }

    /// <summary>r×p: the rows of X in the coordinates delta.</summary>
    public double[] U { get; }

    /// <summary>r residuals, response less X beta.</summary>
    public double[] e { get; }

    /// <summary>r×r: covariance of the responses over sigma².</summary>
    public double[] V0 { get; }

    /// <summary>Forms the block of some rows. O(n_j (q_j + p)²).</summary>
    /// <param name="fit">The fit's coordinates.</param>
    /// <param name="data">The data in the user's units.</param>
    /// <param name="relative">A term: p_t×p_t covariance of a level's effects over sigma².</param>
    /// <param name="rows">The cluster's rows.</param>
    /// <param name="residual">The covariance of rows' residuals over sigma²; null for independent ones of one variance.</param>
    public static ClusterBlock Of(IFittedEffects fit, LinearData data, IReadOnlyList<double[]> relative, ReadOnlySpan<int> rows, Func<int[], double[]>? residual)
    {
        var (n, p) = (rows.Length, data.p);
        var roots = new double[n];
        for (var i = 0; i < n; i++) roots[i] = data.Weights.IsEmpty ? 1 : Math.Sqrt(data.Weights.Span[rows[i]]);
        var (U, e) = FixedPart(fit, data, rows, roots);
        var (Z, ZG, q) = RandomPart(data, relative, rows, roots);
        var size = n;
        if (residual is null && q + p < n)
        {
            size = q + p;
            double[] K = [.. Z, .. U];
            OrthonormalBasis.Orthonormalize(K, n, size, new double[size * size], Dependent);
            (U, e, Z, ZG) = (Project(K, U, n, size, p), Project(K, e, n, size, 1), Project(K, Z, n, size, q), Project(K, ZG, n, size, q));
        }

        var V = residual?.Invoke(rows.ToArray()) ?? new double[size * size];
        for (var i = 0; residual is null && i < size; i++) V[i * (size + 1)] = 1;
        if (q > 0) Product.Add(1, ZG, size, false, Z, size, true, V, size, size, size, q);
        return new(size, U, e, V);
    }

    private static (double[] U, double[] e) FixedPart(IFittedEffects fit, LinearData data, ReadOnlySpan<int> rows, double[] roots)
    {
        var (n, p) = (rows.Length, data.p);
        var (U, e, x) = (new double[n * p], new double[n], new double[p]);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < p; j++) x[j] = data.X.Span[rows[i] + (j * data.n)];
            fit.ToCoordinates(x);
            e[i] = roots[i] * (data.y.Span[rows[i]] - Vectors.Dot(x, fit.Coordinates));
            for (var j = 0; j < p; j++) U[i + (j * n)] = roots[i] * x[j];
        }

        return (U, e);
    }

    /// <summary>Z_j and Z_jG, a column an effect of a level that the cluster holds.</summary>
    private static (double[] Z, double[] ZG, int q) RandomPart(LinearData data, IReadOnlyList<double[]> relative, ReadOnlySpan<int> rows, double[] roots)
    {
        var n = rows.Length;
        var levels = new Dictionary<(int Term, int Level), int>();
        var q = 0;
        for (var t = 0; t < data.Terms.Count; t++)
        {
            foreach (var row in rows)
            {
                if (levels.TryAdd((t, data.Terms[t].LevelOfRow.Span[row]), q)) q += data.Terms[t].Dimension;
            }
        }

        var (Z, ZG) = (new double[n * q], new double[n * q]);
        for (var t = 0; t < data.Terms.Count; t++)
        {
            var (term, size) = (data.Terms[t], data.Terms[t].Dimension);
            for (var i = 0; i < n; i++)
            {
                var first = levels[(t, term.LevelOfRow.Span[rows[i]])];
                for (var j = 0; j < size; j++)
                {
                    Z[i + ((first + j) * n)] = roots[i] * term.Z.Span[rows[i] + (j * data.n)];
                    for (var k = 0; k < size; k++) ZG[i + ((first + k) * n)] += Z[i + ((first + j) * n)] * relative[t][j + (k * size)];
                }
            }
        }

        return (Z, ZG, q);
    }

    private static double[] Project(double[] K, double[] columns, int n, int r, int count)
    {
        var result = new double[r * count];
        if (count > 0) Product.Add(1, K, n, true, columns, n, false, result, r, r, count, n);
        return result;
    }
}
