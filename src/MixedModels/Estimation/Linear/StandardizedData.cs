using MixedModels.Estimation.Storage;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The same model in coordinates in which cross-products keep their digits: rows scaled by the root of their weight,
/// X replaced by an orthonormal basis, y by its least squares residual of unit mean square, Z by columns of unit mean
/// square (orthogonal ones where the covariance structure allows mixing). Immutable.
/// </summary>
/// <remarks>
/// With W = diag(weights): W½X = QR; W½y = Q·Projection + Scale·y; W½Z_t = Z*_t·K_t. Hence beta = R⁻¹(Projection + Scale·beta*),
/// b_t = Scale·K_t⁻¹b*_t and log|X'V⁻¹X| = log|Q'V⁻¹Q| + 2 log|det R|.
/// </remarks>
internal sealed class StandardizedData
{
    /// <summary>Columns of one term whose remainder is below this share of their norm are left unmixed; the fit then finds the flat direction.</summary>
    private const double DependentShare = 1e-9;

    /// <summary>A least squares residual below this share of the response is rounding.</summary>
    private const double ExactShare = 1e-13;

    public StandardizedData(LinearData data)
    {
        Data = data;
        var (n, p) = (data.n, data.p);
        var roots = Roots(data.Weights.Span);
        Q = Weighted(data.X.Span, n, p, roots);
        R = new double[p * p];
        OrthonormalBasis.Orthonormalize(Q, n, p, R, 0);
        y = Weighted(data.y.Span, n, 1, roots);
        (Projection, Scale, IsExactFit) = StandardizeResponse();
        Z = new double[data.Terms.Count][];
        K = new double[data.Terms.Count][];
        for (var t = 0; t < Z.Length; t++) (Z[t], K[t]) = StandardizeTerm(data.Terms[t], n, roots);
        foreach (var weight in data.Weights.Span) SumLogWeights += Math.Log(weight);
        for (var j = 0; j < p; j++) LogDeterminantR += Math.Log(R[j + (j * p)]);
    }

    private StandardizedData(StandardizedData other, ReadOnlyMemory<double> response)
    {
        Data = other.Data with { y = response };
        (Q, R, Z, K) = (other.Q, other.R, other.Z, other.K);
        (SumLogWeights, LogDeterminantR) = (other.SumLogWeights, other.LogDeterminantR);
        y = Weighted(response.Span, Data.n, 1, Roots(Data.Weights.Span));
        (Projection, Scale, IsExactFit) = StandardizeResponse();
    }

    /// <summary>The data in the user's units.</summary>
    public LinearData Data { get; }

    /// <summary>n×p orthonormal basis of the weighted X.</summary>
    public double[] Q { get; }

    /// <summary>p×p upper triangular factor of the weighted X.</summary>
    public double[] R { get; }

    /// <summary>p coordinates of the weighted response in Q.</summary>
    public double[] Projection { get; }

    /// <summary>n standardised responses.</summary>
    public double[] y { get; }

    /// <summary>The root mean square of the weighted least squares residual, in the response's unit.</summary>
    public double Scale { get; }

    /// <summary>Whether X alone reproduces y to rounding, so that nothing is left to estimate from.</summary>
    public bool IsExactFit { get; }

    /// <summary>A term: n×p_t standardised columns.</summary>
    public double[][] Z { get; }

    /// <summary>A term: p_t×p_t upper triangular K_t with weighted Z_t = Z*_t·K_t.</summary>
    public double[][] K { get; }

    /// <summary>The rows [Z Q y] as a penalised system takes them.</summary>
    public SystemRows Rows => new(Data.Terms, Data.n, Z, Q, y);

    /// <summary>The sum of log weights.</summary>
    public double SumLogWeights { get; }

    /// <summary>log det R.</summary>
    public double LogDeterminantR { get; }

    /// <summary>The same X, Z and weights with another response; X and Z are shared. O(np).</summary>
    /// <param name="response">n responses less their offsets.</param>
    public StandardizedData WithResponse(ReadOnlyMemory<double> response) => new(this, response);

    /// <summary>Replaces y by its least squares residual of unit mean square.</summary>
    private (double[] Projection, double Scale, bool IsExactFit) StandardizeResponse()
    {
        var (n, p) = (Data.n, Data.p);
        var size = Vectors.Norm(y);
        var projection = new double[p];
        for (var pass = 0; pass < 2; pass++)
        {
            for (var j = 0; j < p; j++)
            {
                var along = Vectors.Dot(Q.AsSpan(j * n, n), y);
                projection[j] += along;
                Vectors.AddScaled(-along, Q.AsSpan(j * n, n), y);
            }
        }

        var scale = Vectors.Norm(y) / Math.Sqrt(n);
        var isExactFit = !(scale * Math.Sqrt(n) > ExactShare * size);
        if (!isExactFit) Vectors.Scale(1 / scale, y);
        return (projection, scale, isExactFit);
    }

    private static (double[] Z, double[] K) StandardizeTerm(RandomTermData term, int n, double[]? roots)
    {
        var p = term.Dimension;
        var columns = Weighted(term.Z.Span, n, p, roots);
        var change = new double[p * p];
        if (term.Structure.AllowsMixingColumns && p > 1)
        {
            var mixed = (double[])columns.Clone();
            if (OrthonormalBasis.Orthonormalize(mixed, n, p, change, DependentShare) == p)
            {
                Vectors.Scale(Math.Sqrt(n), mixed);
                Vectors.Scale(1 / Math.Sqrt(n), change);
                return (mixed, change);
            }

            Array.Clear(change);
        }

        for (var j = 0; j < p; j++)
        {
            var column = columns.AsSpan(j * n, n);
            var size = Vectors.Norm(column) / Math.Sqrt(n);
            change[j + (j * p)] = size > 0 ? size : 1;
            if (size > 0) Vectors.Scale(1 / size, column);
        }

        return (columns, change);
    }

    private static double[]? Roots(ReadOnlySpan<double> weights)
    {
        if (weights.IsEmpty) return null;
        var roots = new double[weights.Length];
        for (var i = 0; i < roots.Length; i++) roots[i] = Math.Sqrt(weights[i]);
        return roots;
    }

    private static double[] Weighted(ReadOnlySpan<double> columns, int n, int count, double[]? roots)
    {
        var scaled = columns.ToArray();
        if (roots is null) return scaled;
        for (var j = 0; j < count; j++)
        {
            var column = scaled.AsSpan(j * n, n);
            for (var i = 0; i < n; i++) column[i] *= roots[i];
        }

        return scaled;
    }
}
