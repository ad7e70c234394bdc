namespace MixedModels.Covariance.Correlation;

/// <summary>Correlations exp(−rate·d) at the distance d in time: an autoregression in continuous time.</summary>
/// <remarks>Source: Uhlenbeck and Ornstein 1930, Physical Review 36, 823–841.</remarks>
internal sealed class OrnsteinUhlenbeck(ReadOnlySpan<double> positions, int dimension) : DistanceCorrelation(positions, dimension)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Names => Dimension > 1 ? ["rate"] : [];

    /// <inheritdoc/>
    protected override int Power => -1;

    /// <summary>A rate is one over a range.</summary>
    public override (double Lower, double Upper) Reach(int k) => (1 / base.Reach(k).Upper, 1 / base.Reach(k).Lower);

    /// <inheritdoc/>
    protected override Func<double, double> OfDistance(double[] phi, int k, int l)
    {
        // With u = rate·d and phi = log(rate), du/dphi = u.
        var rate = Dimension > 1 ? Math.Exp(phi[0]) : 0;
        return (k, l) switch
        {
            ( < 0, _) => d => Math.Exp(-d * rate),
            (_, < 0) => d => -d * rate * Math.Exp(-d * rate),
            _ => d => ((d * rate) - 1) * d * rate * Math.Exp(-d * rate),
        };
    }
}
