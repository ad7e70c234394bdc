using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The standardised rows [Z* Q y*] of large data, made from the user's columns a block at a time whenever a pass over the rows wants them, and
/// never stored. Immutable.
/// </summary>
/// <remarks>
/// R and the coordinates of y come from the Cholesky factor of [X y]'[X y]. That they carry the squared condition of X does no harm: Q := XR⁻¹
/// and y* := (y − Q·Projection)/Scale are exact changes of coordinates whatever R is, formed row by row with the digits of the rows; Q is then
/// orthonormal but for rounding times the squared condition, which must be small enough for cross-products to keep their digits. Where it is
/// not, there is no stream, and <see cref="StandardizedData"/> orthogonalises stored columns.
/// </remarks>
internal sealed class RowStream
{
    /// <summary>Fewer rows stay in the caches, where stored columns cost nothing.</summary>
    private const int LeastRows = 1 << 16;

    /// <summary>The least share of a column's square that earlier columns may leave: Q is then orthonormal to 1e-8 and better.</summary>
    private const double LeastShare = 1e-8;

    /// <summary>Rows of a block of the first pass: its columns stay in the nearest cache.</summary>
    private const int BlockRows = 512;

    /// <summary>The rows are shared among threads in so many parts.</summary>
    private const int Parts = 16;

    private readonly LinearData data;

    private RowStream(LinearData data, double[] factor)
    {
        this.data = data;
        var (p, m) = (data.p, data.p + 1);
        (R, Projection) = (new double[p * p], new double[p]);
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i <= j; i++) R[i + (j * p)] = factor[j + (i * m)];
            Projection[j] = factor[p + (j * m)];
        }

        Scale = factor[p + (p * m)] / Math.Sqrt(data.n);
    }

    /// <summary>p×p upper triangular, X = QR.</summary>
    public double[] R { get; }

    /// <summary>p coordinates of the response in Q.</summary>
    public double[] Projection { get; }

    /// <summary>The root mean square of the least squares residual.</summary>
    public double Scale { get; }

    /// <summary>
    /// A stream over many unweighted rows whose columns of Z are those X begins with, in X well enough conditioned; else null. O(np²).
    /// </summary>
    /// <param name="data">The data.</param>
    /// <param name="team">Threads to share the pass; null for one.</param>
    public static RowStream? Of(LinearData data, ThreadTeam? team)
    {
        if (data.n < LeastRows || data.p == 0 || !data.Weights.IsEmpty || !data.Terms.All(term => StandardizedData.IsBeginOf(data.X, term))) return null;
        var (m, gram) = (data.p + 1, Gram(data, team));
        var squares = new double[m];
        for (var j = 0; j < m; j++) squares[j] = gram[j * (m + 1)];
        if (Cholesky.Factor(gram, m, m) >= 0) return null;
        for (var j = 0; j < m; j++)
        {
            if (!(gram[j * (m + 1)] * gram[j * (m + 1)] > LeastShare * squares[j])) return null;
        }

        return new(data, gram);
    }

    /// <summary>Writes a block of rows: the columns of Z a term after the other, then Q, then y.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="order">Where rows come in an order of their own, their numbers from <paramref name="first"/> on count in it; else empty.</param>
    /// <param name="block">Receives the columns.</param>
    /// <param name="stride">From one column to the next: a multiple of 4 and at least count, so that every row is computed alike wherever it stands.</param>
    public void Write(int first, int count, ReadOnlySpan<int> order, Span<double> block, int stride)
    {
        var (n, p) = (data.n, data.p);
        var Q = block[(data.Terms.Sum(term => term.Dimension) * stride)..];
        for (var j = 0; j < p; j++)
        {
            var column = Q.Slice(j * stride, stride);
            Take(data.X.Span.Slice(j * n, n), first, count, order, column);
            for (var k = 0; k < j; k++) Vectors.AddScaled(-R[k + (j * p)], Q.Slice(k * stride, stride), column);
            Vectors.Scale(1 / R[j + (j * p)], column);
        }

        var y = Q.Slice(p * stride, stride);
        Take(data.y.Span, first, count, order, y);
        for (var k = 0; k < p; k++) Vectors.AddScaled(-Projection[k], Q.Slice(k * stride, stride), y);
        Vectors.Scale(1 / Scale, y);
        foreach (var term in data.Terms)
        {
            Vectors.CopyScaled(Math.Sqrt(n), Q[..(term.Dimension * stride)], block[..(term.Dimension * stride)]);
            block = block[(term.Dimension * stride)..];
        }
    }

    /// <summary>A block of a column, with zeros to the end of the target.</summary>
    public static void Take(ReadOnlySpan<double> column, int first, int count, ReadOnlySpan<int> order, Span<double> target)
    {
        if (order.IsEmpty) column.Slice(first, count).CopyTo(target);
        else
        {
            var rows = order.Slice(first, count);
            for (var r = 0; r < rows.Length; r++) target[r] = column[rows[r]];
        }

        target[count..].Clear();
    }

    /// <summary>[X y]'[X y] (m×m), lower triangle.</summary>
    private static double[] Gram(LinearData data, ThreadTeam? team)
    {
        var m = data.p + 1;
        var sums = new double[Parts][];
        ThreadTeam.Run(team, Parts, part =>
        {
            sums[part] = new double[m * m];
            var end = (int)((part + 1L) * data.n / Parts);
            for (var first = (int)((long)part * data.n / Parts); first < end; first += BlockRows)
                AddGram(data, first, Math.Min(BlockRows, end - first), sums[part]);
        });
        for (var part = 1; part < Parts; part++) Vectors.AddScaled(1, sums[part], sums[0]);
        return sums[0];
    }

    private static void AddGram(LinearData data, int first, int count, double[] sum)
    {
        var (n, p) = (data.n, data.p);
        for (var c = 0; c <= p; c++)
        {
            var column = Column(c);
            for (var d = c; d <= p; d++) sum[d + (c * (p + 1))] += Vectors.Dot(column, Column(d));
        }

        ReadOnlySpan<double> Column(int c) => c < p ? data.X.Span.Slice((c * n) + first, count) : data.y.Span.Slice(first, count);
    }
}
