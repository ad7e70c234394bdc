namespace MixedModels.Covariance.Correlation;

/// <summary>Correlations exp(−d/range) at the distance d.</summary>
/// <remarks>Source: Cressie 1993, Statistics for Spatial Data, section 2.3.</remarks>
internal sealed class ExponentialCorrelation(ReadOnlySpan<double> positions, int dimension) : DistanceCorrelation(positions, dimension)
{
    /// <inheritdoc/>
    protected override Func<double, double> OfDistance(double[] phi, int k, int l)
    {
        // With u = d/range and phi = log(range), du/dphi = −u.
        var inverse = Dimension > 1 ? Math.Exp(-phi[0]) : 0;
        return (k, l) switch
        {
            ( < 0, _) => d => Math.Exp(-d * inverse),
            (_, < 0) => d => d * inverse * Math.Exp(-d * inverse),
            _ => d => ((d * inverse) - 1) * d * inverse * Math.Exp(-d * inverse),
        };
    }
}
