namespace MixedModels.Covariance.Correlation;

/// <summary>Correlations exp(−(d/range)²) at the distance d.</summary>
/// <remarks>Source: Cressie 1993, Statistics for Spatial Data, section 2.3.</remarks>
internal sealed class GaussianCorrelation(ReadOnlySpan<double> positions, int dimension) : DistanceCorrelation(positions, dimension)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Names => Dimension > 1 ? ["range"] : [];

    /// <inheritdoc/>
    public override void Start(Span<double> phi)
    {
        if (!phi.IsEmpty) phi[0] = Math.Log(StartRange);
    }

    /// <inheritdoc/>
    public override void FromCorrelation(ReadOnlySpan<double> R, Span<double> phi)
    {
        Start(phi);
        var (distance, correlation) = TellingPair(R);
        if (phi.IsEmpty) return;
        if (double.IsNaN(distance))
        {
            phi[0] += FarShift(R);
            return;
        }

        phi[0] = Math.Log(distance / Math.Sqrt(-Math.Log(correlation)));
        Match(R, phi);
    }

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
