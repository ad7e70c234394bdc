namespace MixedModels.Estimation.Marginal;

/// <summary>The derivative of R⁻¹ in one of R's parameters, of the subjects of one pattern.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="LogDeterminant">The derivative of log|R| of one subject.</param>
/// <param name="Band">dR⁻¹ in rows i and i − d at d + i·(reach + 1), the lower triangle.</param>
internal readonly record struct PrecisionSlope(int Parameter, double LogDeterminant, double[] Band)
{
    /// <summary>Adds dR⁻¹ times a column of one subject.</summary>
    /// <param name="column">n numbers.</param>
    /// <param name="sum">n numbers.</param>
    public void AddProduct(ReadOnlySpan<double> column, Span<double> sum)
    {
        var (n, width) = (column.Length, Band.Length / column.Length);
        for (var i = 0; i < n; i++)
        {
            var own = Band[i * width] * column[i];
            for (var d = 1; d < width && d <= i; d++)
            {
                var value = Band[d + (i * width)];
                own += value * column[i - d];
                sum[i - d] += value * column[i];
            }

            sum[i] += own;
        }
    }
}
