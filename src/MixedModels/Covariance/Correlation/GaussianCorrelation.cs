namespace MixedModels.Covariance.Correlation;

/// <summary>Correlations exp(−(d/range)²) at the distance d.</summary>
/// <remarks>Source: Cressie 1993, Statistics for Spatial Data, section 2.3.</remarks>
internal sealed class GaussianCorrelation(ReadOnlySpan<double> positions, int dimension) : DistanceCorrelation(positions, dimension)
{
    /// <inheritdoc/>
    protected override double RangeAt(double distance, double correlation) => distance / Math.Sqrt(-Math.Log(correlation));

    /// <inheritdoc/>
    protected override Func<double, double> OfDistance(double[] phi, int k, int l)
    {
        // With w = (d/range)² and phi = log(range), dw/dphi = −2w.
        var inverse = Dimension > 1 ? Math.Exp(-phi[0]) : 0;
        Func<double, double> square = d => d * inverse * (d * inverse);
        return (k, l) switch
        {
            ( < 0, _) => d => Math.Exp(-square(d)),
            (_, < 0) => d => 2 * square(d) * Math.Exp(-square(d)),
            _ => d => 4 * (square(d) - 1) * square(d) * Math.Exp(-square(d)),
        };
    }
}
