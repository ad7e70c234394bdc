using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>The standardised columns of <see cref="StandardizedData"/>.</summary>
/// <param name="Q">n×p.</param>
/// <param name="y">n responses.</param>
/// <param name="Z">A term: n×p_t; a row for each entry where rows have several levels.</param>
internal sealed record StandardizedColumns(double[] Q, double[] y, double[][] Z)
{
    /// <summary>Rows of a block.</summary>
    private const int BlockRows = 512;

    /// <summary>The columns that a stream makes block by block.</summary>
    public static StandardizedColumns Of(LinearData data, RowStream stream)
    {
        var (n, p) = (data.n, data.p);
        var columns = new StandardizedColumns(new double[n * p], new double[n], [.. data.Terms.Select(term => new double[n * term.Dimension])]);
        Memory<double>[] targets =
        [
            .. data.Terms.SelectMany((term, t) => Enumerable.Range(0, term.Dimension).Select(j => columns.Z[t].AsMemory(j * n, n))),
            .. Enumerable.Range(0, p).Select(j => columns.Q.AsMemory(j * n, n)),
            columns.y,
        ];
        var block = new double[targets.Length * BlockRows];
        for (var first = 0; first < n; first += BlockRows)
        {
            var count = Math.Min(BlockRows, n - first);
            stream.Write(first, count, [], block, BlockRows);
            for (var c = 0; c < targets.Length; c++) block.AsSpan(c * BlockRows, count).CopyTo(targets[c].Span[first..]);
        }

        return columns;
    }

    /// <summary>Some rows of columns of n.</summary>
    public static double[] Taken(ReadOnlySpan<double> columns, int n, ReadOnlySpan<int> rows)
    {
        var count = n == 0 ? 0 : columns.Length / n;
        var taken = new double[rows.Length * count];
        for (var j = 0; j < count; j++)
        {
            for (var i = 0; i < rows.Length; i++) taken[i + (j * rows.Length)] = columns[rows[i] + (j * n)];
        }

        return taken;
    }

    /// <summary>√n times some columns of Q: columns of unit mean square.</summary>
    public static double[] Scaled(ReadOnlySpan<double> Q, int n)
    {
        var scaled = new double[Q.Length];
        Vectors.CopyScaled(Math.Sqrt(n), Q, scaled);
        return scaled;
    }
}
