namespace MixedModels.Inference.Means;

/// <summary>
/// B with BB' = R for a correlation matrix that may be singular, estimates that are the same up to sign taken once. Immutable.
/// </summary>
/// <param name="Rows">Count×Rank, row after row, each of length 1.</param>
/// <param name="Rank">The rank.</param>
/// <param name="Correlation">Count×Count.</param>
/// <param name="Count">The number of distinct estimates.</param>
internal sealed record CorrelationRoot(double[] Rows, int Rank, double[] Correlation, int Count)
{
    /// <summary>Correlations as near to ±1 as this are ±1.</summary>
    private const double Same = 1e-10;

    /// <summary>A variance left below this is rounding: entries are sums of p products.</summary>
    private const double Dependent = 1e-10;

    /// <summary>Factors a K×K correlation matrix by Cholesky with the largest pivot first.</summary>
    public static CorrelationRoot Of(double[] correlation, int K)
    {
        var distinct = new List<int>();
        for (var i = 0; i < K; i++)
        {
            var row = i;
            if (!distinct.Exists(other => Math.Abs(correlation[row + (other * K)]) > 1 - Same)) distinct.Add(i);
        }

        var count = distinct.Count;
        var R = new double[count * count];
        for (var j = 0; j < count; j++)
        {
            for (var i = 0; i < count; i++) R[i + (j * count)] = correlation[distinct[i] + (distinct[j] * K)];
        }

        var (B, rank) = Factor(R, count);
        return new(B, rank, R, count);
    }

    private static (double[] Rows, int Rank) Factor(double[] R, int count)
    {
        var columns = new List<double[]>();
        double[] left = [.. Enumerable.Range(0, count).Select(i => R[i * (count + 1)])];
        while (columns.Count < count)
        {
            var pivot = Array.IndexOf(left, left.Max());
            if (!(left[pivot] > Dependent)) break;
            var column = new double[count];
            for (var i = 0; i < count; i++)
            {
                column[i] = (R[i + (pivot * count)] - columns.Sum(earlier => earlier[i] * earlier[pivot])) / Math.Sqrt(left[pivot]);
            }

            for (var i = 0; i < count; i++) left[i] -= column[i] * column[i];
            left[pivot] = 0;
            columns.Add(column);
        }

        var rank = columns.Count;
        var B = new double[count * rank];
        for (var i = 0; i < count; i++)
        {
            var length = Math.Sqrt(columns.Sum(column => column[i] * column[i]));
            for (var a = 0; a < rank; a++) B[(i * rank) + a] = columns[a][i] / length;
        }

        return (B, rank);
    }
}
