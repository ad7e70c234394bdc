using MixedModels.Covariance;
using MixedModels.Estimation.Storage;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The same model in coordinates in which cross-products keep their digits: rows scaled by the root of their weight,
/// X replaced by an orthonormal basis, y by its least squares residual of unit mean square, Z by columns of unit mean
/// square (orthogonal ones where the covariance structure allows mixing, of unit mean square together where it allows one scale only). Immutable.
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

    private readonly Lazy<StandardizedColumns> columns;
    private readonly RowStream? stream;

    /// <summary>Standardises data.</summary>
    /// <param name="data">The data in the user's units.</param>
    /// <param name="team">Threads to share the work where there are many rows; null for one.</param>
    public StandardizedData(LinearData data, ThreadTeam? team = null)
    {
        Data = data;
        K = new double[data.Terms.Count][];
        stream = RowStream.Of(data, team);
        if (stream is null)
        {
            R = new double[data.p * data.p];
            (var own, Projection, Scale, IsExactFit) = Standardize();
            columns = new(own);
        }
        else
        {
            (R, Projection, Scale) = (stream.R, stream.Projection, stream.Scale);
            for (var t = 0; t < K.Length; t++) K[t] = ChangeFromX(data.Terms[t].Dimension);
            columns = new(() => StandardizedColumns.Of(data, stream));
        }

        foreach (var weight in data.Weights.Span) SumLogWeights += Math.Log(weight);
        for (var j = 0; j < data.p; j++) LogDeterminantR += Math.Log(R[j + (j * data.p)]);
    }

    private StandardizedData(StandardizedData other)
    {
        Data = other.Data with { HasResidual = false };
        (columns, stream, R, K) = (other.columns, other.stream, other.R, other.K);
        (SumLogWeights, LogDeterminantR) = (other.SumLogWeights, other.LogDeterminantR);
        (Projection, Scale, IsExactFit) = (other.Projection, other.Scale, other.IsExactFit);
    }

    private StandardizedData(StandardizedData other, ReadOnlyMemory<double> response)
    {
        Data = other.Data with { y = response };
        (R, K) = (other.R, other.K);
        (SumLogWeights, LogDeterminantR) = (other.SumLogWeights, other.LogDeterminantR);
        var own = other.columns.Value with { y = Weighted(response.Span, Data.n, 1, Roots(Data.Weights.Span)) };
        (Projection, Scale, IsExactFit) = StandardizeResponse(own);
        columns = new(own);
    }

    private StandardizedData(StandardizedData other, int[] rows)
    {
        var n = other.Data.n;
        Data = other.Data with
        {
            n = rows.Length,
            y = StandardizedColumns.Taken(other.Data.y.Span, n, rows),
            X = StandardizedColumns.Taken(other.Data.X.Span, n, rows),
            Weights = StandardizedColumns.Taken(other.Data.Weights.Span, n, rows),
            Terms = [.. other.Data.Terms.Select(term => term.OfRows(rows))],
        };
        (R, K, Projection, Scale, LogDeterminantR) = (other.R, other.K, other.Projection, other.Scale, other.LogDeterminantR);
        var own = new StandardizedColumns(StandardizedColumns.Taken(other.Q, n, rows), StandardizedColumns.Taken(other.y, n, rows), [.. other.Z.Select(Z => StandardizedColumns.Taken(Z, n, rows))]);

        // √n Q is what parameters multiply, and n is another here.
        Vectors.Scale(Math.Sqrt(n / (double)rows.Length), own.Q);
        columns = new(own);
    }

    private StandardizedData(StandardizedData other, StandardizedColumns columns, IReadOnlyList<RandomTermData> terms, double logDeterminant)
    {
        Data = other.Data with { Terms = terms };
        (this.columns, R, K) = (new(columns), other.R, other.K);
        (Projection, Scale, IsExactFit) = (other.Projection, other.Scale, other.IsExactFit);
        (SumLogWeights, LogDeterminantR) = (other.SumLogWeights - logDeterminant, other.LogDeterminantR);
    }

    /// <summary>The data in the user's units.</summary>
    public LinearData Data { get; }

    /// <summary>n×p orthonormal basis of the weighted X; that of many rows is made when first asked for.</summary>
    public double[] Q => columns.Value.Q;

    /// <summary>p×p upper triangular factor of the weighted X.</summary>
    public double[] R { get; }

    /// <summary>p coordinates of the weighted response in Q.</summary>
    public double[] Projection { get; }

    /// <summary>n standardised responses.</summary>
    public double[] y => columns.Value.y;

    /// <summary>The root mean square of the weighted least squares residual, in the response's unit.</summary>
    public double Scale { get; }

    /// <summary>Whether X alone reproduces y to rounding, so that nothing is left to estimate from.</summary>
    public bool IsExactFit { get; }

    /// <summary>A term: n×p_t standardised columns; a row for each entry where rows have several levels.</summary>
    public double[][] Z => columns.Value.Z;

    /// <summary>A term: p_t×p_t upper triangular K_t with weighted Z_t = Z*_t·K_t.</summary>
    public double[][] K { get; }

    /// <summary>The rows [Z Q y] as a penalised system takes them.</summary>
    public SystemRows Rows => stream is null ? new(Data.Terms, Data.n, Z, Q, y) : new(this, stream);

    /// <summary>The sum of log weights.</summary>
    public double SumLogWeights { get; }

    /// <summary>log det R.</summary>
    public double LogDeterminantR { get; }

    /// <summary>The same numbers as those of a model without residual variance; everything is shared.</summary>
    public StandardizedData WithoutResidual() => new(this);

    /// <summary>The same X, Z and weights with another response; X and Z are shared. O(np).</summary>
    /// <param name="response">n responses less their offsets.</param>
    public StandardizedData WithResponse(ReadOnlyMemory<double> response) => new(this, response);

    /// <summary>Some rows, in the same units: √n Q of the rows is what it was, and Q no longer orthonormal. Rows of one level a term alone.</summary>
    public StandardizedData OfRows(int[] rows) => new(this, rows);

    /// <summary>
    /// The same data, in the same units, with rows multiplied by R⁻½, R being the residuals' covariance over sigma². Q is then no longer orthonormal.
    /// </summary>
    /// <param name="Q">R⁻½Q.</param>
    /// <param name="y">R⁻½y.</param>
    /// <param name="Z">A term: R⁻½Z, a row for each entry.</param>
    /// <param name="terms">The levels of whitened rows.</param>
    /// <param name="logDeterminant">log|R|.</param>
    public StandardizedData Whitened(double[] Q, double[] y, double[][] Z, IReadOnlyList<RandomTermData> terms, double logDeterminant) => new(this, new(Q, y, Z), terms, logDeterminant);

    /// <summary>Orthogonalises the columns themselves; fills R and K.</summary>
    private (StandardizedColumns Columns, double[] Projection, double Scale, bool IsExactFit) Standardize()
    {
        var (n, p) = (Data.n, Data.p);
        var roots = Roots(Data.Weights.Span);
        var own = new StandardizedColumns(Weighted(Data.X.Span, n, p, roots), Weighted(Data.y.Span, n, 1, roots), new double[Data.Terms.Count][]);
        OrthonormalBasis.Orthonormalize(own.Q, n, p, R, 0);
        var (projection, scale, isExactFit) = StandardizeResponse(own);
        for (var t = 0; t < K.Length; t++)
        {
            var term = Data.Terms[t];
            (own.Z[t], K[t]) = IsBeginOf(Data.X, term)
                ? (StandardizedColumns.Scaled(own.Q.AsSpan(0, n * term.Dimension), n), ChangeFromX(term.Dimension))
                : StandardizeTerm(term, n, EntryRoots(term, roots));
        }

        return (own, projection, scale, isExactFit);
    }

    /// <summary>Replaces y by its least squares residual of unit mean square.</summary>
    private (double[] Projection, double Scale, bool IsExactFit) StandardizeResponse(StandardizedColumns own)
    {
        var (n, p) = (Data.n, Data.p);
        var size = Vectors.Norm(own.y);
        var projection = new double[p];
        var left = p == 0 ? size : Math.Sqrt(OrthonormalBasis.ProjectOut(own.Q, n, p, own.y, projection));
        var scale = left / Math.Sqrt(n);
        var isExactFit = !(scale * Math.Sqrt(n) > ExactShare * size);
        if (!isExactFit) Vectors.Scale(1 / scale, own.y);
        return (projection, scale, isExactFit);
    }

    /// <summary>Whether a term has the very columns that X begins with, in a structure in which those of X serve as they are.</summary>
    public static bool IsBeginOf(ReadOnlyMemory<double> X, RandomTermData term) =>
        !term.HasSeveralLevels && (term.Dimension == 1 || term.Structure.Columns == ColumnFreedom.Mixed) && term.Z.Length > 0 && term.Z.Length <= X.Length && term.Z.Span == X.Span[..term.Z.Length];

    /// <summary>K = R/√n of the first columns, which goes with Z* = √n Q.</summary>
    private double[] ChangeFromX(int dimension)
    {
        var change = new double[dimension * dimension];
        for (var j = 0; j < dimension; j++) Vectors.CopyScaled(1 / Math.Sqrt(Data.n), R.AsSpan(j * Data.p, dimension), change.AsSpan(j * dimension, dimension));
        return change;
    }

    private static (double[] Z, double[] K) StandardizeTerm(RandomTermData term, int n, double[]? roots)
    {
        var (p, entries) = (term.Dimension, term.LevelOfRow.Length);
        var scaled = Weighted(term.Z.Span, entries, p, roots);
        var change = new double[p * p];
        if (term.Structure.Columns == ColumnFreedom.Mixed && p > 1)
        {
            if (OrthonormalBasis.Orthonormalize(scaled, entries, p, change, DependentShare) == p)
            {
                Vectors.Scale(Math.Sqrt(n), scaled);
                Vectors.Scale(1 / Math.Sqrt(n), change);
                return (scaled, change);
            }

            scaled = Weighted(term.Z.Span, entries, p, roots);
            Array.Clear(change);
        }

        var isTogether = term.Structure.Columns == ColumnFreedom.ScaledTogether;
        var common = isTogether ? Vectors.Norm(scaled) / Math.Sqrt((double)n * p) : 0;
        for (var j = 0; j < p; j++)
        {
            var column = scaled.AsSpan(j * entries, entries);
            var size = isTogether ? common : Vectors.Norm(column) / Math.Sqrt(n);
            change[j + (j * p)] = size > 0 ? size : 1;
            if (size > 0) Vectors.Scale(1 / size, column);
        }

        return (scaled, change);
    }

    /// <summary>The root of the weight of every entry of a term.</summary>
    private static double[]? EntryRoots(RandomTermData term, double[]? roots)
    {
        if (roots is null || !term.HasSeveralLevels) return roots;
        var own = new double[term.LevelOfRow.Length];
        for (var r = 0; r < roots.Length; r++)
        {
            var (first, end) = term.Entries(r);
            own.AsSpan(first..end).Fill(roots[r]);
        }

        return own;
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
