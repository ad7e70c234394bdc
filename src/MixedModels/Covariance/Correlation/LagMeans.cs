namespace MixedModels.Covariance.Correlation;

/// <summary>Means of the entries of a correlation matrix, those that are NaN left out.</summary>
internal static class LagMeans
{
    /// <summary>The mean of all entries off the diagonal; 0 where none is known.</summary>
    public static double OverAll(ReadOnlySpan<double> R, int p)
    {
        var (sum, count) = (0.0, 0);
        for (var lag = 1; lag < p; lag++) Add(R, p, lag, ref sum, ref count);
        return count > 0 ? sum / count : 0;
    }

    /// <summary>The mean of the entries at a distance from the diagonal; NaN where none is known.</summary>
    public static double At(ReadOnlySpan<double> R, int p, int lag)
    {
        var (sum, count) = (0.0, 0);
        Add(R, p, lag, ref sum, ref count);
        return sum / count;
    }

    private static void Add(ReadOnlySpan<double> R, int p, int lag, ref double sum, ref int count)
    {
        for (var j = 0; j + lag < p; j++)
        {
            var value = R[j + lag + (j * p)];
            if (double.IsNaN(value)) continue;
            sum += value;
            count++;
        }
    }
}
