using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The rows a penalised system is made of, as columns of n numbers: those of Z, a term after the other, then m columns beside them,
/// which are [X y] for a linear model and may be any others or none. The arrays are not copied.
/// </summary>
internal sealed class SystemRows
{
    private readonly ArraySegment<double>[] columns;
    private readonly int[] firstColumn;

    /// <summary>Rows of some terms.</summary>
    /// <param name="terms">The terms, which say the level of every row.</param>
    /// <param name="n">The number of rows.</param>
    /// <param name="Z">A term: n×p_t, column-major; a row for each entry where rows have several levels.</param>
    /// <param name="sides">The columns beside Z, n×(any number) each, column-major.</param>
    public SystemRows(IReadOnlyList<RandomTermData> terms, int n, IReadOnlyList<double[]> Z, params IReadOnlyList<double[]> sides)
    {
        (Terms, this.n) = (terms, n);
        firstColumn = new int[terms.Count + 1];
        for (var t = 0; t < terms.Count; t++) firstColumn[t + 1] = firstColumn[t] + terms[t].Dimension;
        columns = [.. Z.SelectMany((matrix, t) => Split(matrix, terms[t].LevelOfRow.Length)), .. sides.SelectMany(side => Split(side, n))];
        m = columns.Length - firstColumn[^1];
    }

    private SystemRows(SystemRows other, double[] numbers)
    {
        (Terms, n, m, firstColumn) = (other.Terms, other.n, other.m, other.firstColumn);
        columns = [.. Enumerable.Range(0, other.columns.Length).Select(c => new ArraySegment<double>(numbers, c * n, n))];
    }

    /// <summary>The random terms.</summary>
    public IReadOnlyList<RandomTermData> Terms { get; }

    /// <summary>The number of rows.</summary>
    public int n { get; }

    /// <summary>The number of columns beside Z.</summary>
    public int m { get; }

    /// <summary>All columns: those of Z, then the m others.</summary>
    public ReadOnlySpan<ArraySegment<double>> Columns => columns;

    /// <summary>Column j of a term's Z.</summary>
    public ReadOnlySpan<double> Z(int term, int j) => columns[firstColumn[term] + j];

    /// <summary>Column c of those beside Z.</summary>
    public ReadOnlySpan<double> Side(int c) => columns[firstColumn[^1] + c];

    /// <summary>As many rows with numbers of their own, all zero.</summary>
    public SystemRows Blank() => new(this, new double[columns.Length * n]);

    /// <summary>Writes the rows of others here in another order.</summary>
    /// <param name="others">The rows.</param>
    /// <param name="order">n row numbers.</param>
    public void SetOrdered(SystemRows others, ReadOnlySpan<int> order)
    {
        for (var c = 0; c < columns.Length; c++)
        {
            var source = others.columns[c].AsSpan();
            var target = columns[c].AsSpan(0, order.Length);
            for (var i = 0; i < order.Length; i++) target[i] = source[order[i]];
        }
    }

    /// <summary>Writes w_i times every row of others here.</summary>
    public void SetWeighted(SystemRows others, ReadOnlySpan<double> weights)
    {
        for (var c = 0; c < columns.Length; c++) Multiply(others.columns[c], weights, columns[c]);
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
