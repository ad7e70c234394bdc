using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The rows a penalised system is made of, as columns of n numbers: those of Z, a term after the other, then m columns beside them,
/// which are [X y] for a linear model and may be any others or none. Arrays are not copied.
/// </summary>
internal sealed class SystemRows
{
    private readonly Lazy<ArraySegment<double>[]> columns;
    private readonly int[] firstColumn;
    private readonly RowStream? stream;

    /// <summary>Rows of some terms.</summary>
    /// <param name="terms">The terms, which say the level of every row.</param>
    /// <param name="n">The number of rows.</param>
    /// <param name="Z">A term: n×p_t, column-major; a row for each entry where rows have several levels.</param>
    /// <param name="sides">The columns beside Z, n×(any number) each, column-major.</param>
    public SystemRows(IReadOnlyList<RandomTermData> terms, int n, IReadOnlyList<double[]> Z, params IReadOnlyList<double[]> sides)
    {
        (Terms, this.n, firstColumn) = (terms, n, FirstColumns(terms));
        ArraySegment<double>[] all = [.. Z.SelectMany((matrix, t) => Split(matrix, terms[t].LevelOfRow.Length)), .. sides.SelectMany(side => Split(side, n))];
        columns = new(all);
        m = all.Length - firstColumn[^1];
    }

    /// <summary>Standardised rows that are made when they are wanted: block by block, or as columns where somebody asks for those.</summary>
    /// <param name="data">The standardised data, whose columns these are.</param>
    /// <param name="stream">What makes blocks of them.</param>
    public SystemRows(StandardizedData data, RowStream stream)
    {
        (Terms, n, m, this.stream) = (data.Data.Terms, data.Data.n, data.Data.p + 1, stream);
        firstColumn = FirstColumns(Terms);
        columns = new(() => [.. data.Z.SelectMany(matrix => Split(matrix, n)), .. Split(data.Q, n), .. Split(data.y, n)]);
    }

    private SystemRows(SystemRows other, double[] numbers)
    {
        (Terms, n, m, firstColumn) = (other.Terms, other.n, other.m, other.firstColumn);
        columns = new([.. Enumerable.Range(0, firstColumn[^1] + m).Select(c => new ArraySegment<double>(numbers, c * n, n))]);
    }

    /// <summary>The random terms.</summary>
    public IReadOnlyList<RandomTermData> Terms { get; }

    /// <summary>The number of rows.</summary>
    public int n { get; }

    /// <summary>The number of columns beside Z.</summary>
    public int m { get; }

    /// <summary>All columns: those of Z, then the m others.</summary>
    public ReadOnlySpan<ArraySegment<double>> Columns => columns.Value;

    /// <summary>Column j of a term's Z.</summary>
    public ReadOnlySpan<double> Z(int term, int j) => columns.Value[firstColumn[term] + j];

    /// <summary>Column c of those beside Z.</summary>
    public ReadOnlySpan<double> Side(int c) => columns.Value[firstColumn[^1] + c];

    /// <summary>Writes a block of rows, column after column.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="order">Where rows come in an order of their own, their numbers from <paramref name="first"/> on count in it; else empty.</param>
    /// <param name="block">Receives the columns.</param>
    /// <param name="stride">From one column to the next, a multiple of 4 and at least count.</param>
    public void Write(int first, int count, ReadOnlySpan<int> order, Span<double> block, int stride)
    {
        if (stream is not null)
        {
            stream.Write(first, count, order, block, stride);
            return;
        }

        foreach (var column in Columns)
        {
            RowStream.Take(column, first, count, order, block[..stride]);
            block = block[stride..];
        }
    }

    /// <summary>As many rows with numbers of their own, all zero.</summary>
    public SystemRows Blank() => new(this, new double[(firstColumn[^1] + m) * n]);

    /// <summary>Writes the rows of others here in another order.</summary>
    /// <param name="others">The rows.</param>
    /// <param name="order">n row numbers.</param>
    public void SetOrdered(SystemRows others, ReadOnlySpan<int> order)
    {
        for (var c = 0; c < Columns.Length; c++)
        {
            var source = others.Columns[c].AsSpan();
            var target = Columns[c].AsSpan(0, order.Length);
            for (var i = 0; i < order.Length; i++) target[i] = source[order[i]];
        }
    }

    /// <summary>Writes w_i times every row of others here.</summary>
    public void SetWeighted(SystemRows others, ReadOnlySpan<double> weights)
    {
        for (var c = 0; c < Columns.Length; c++) Multiply(others.Columns[c], weights, Columns[c]);
    }

    private static int[] FirstColumns(IReadOnlyList<RandomTermData> terms)
    {
        var first = new int[terms.Count + 1];
        for (var t = 0; t < terms.Count; t++) first[t + 1] = first[t] + terms[t].Dimension;
        return first;
    }

    private static void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<double> weights, Span<double> product)
    {
        x = x[..product.Length];
        weights = weights[..product.Length];
        for (var i = 0; i < product.Length; i++) product[i] = x[i] * weights[i];
    }

    private static IEnumerable<ArraySegment<double>> Split(double[] matrix, int n)
    {
        for (var first = 0; n > 0 && first < matrix.Length; first += n) yield return new(matrix, first, n);
    }
}
