using MixedModels.Numerics;

namespace MixedModels.Covariance.Correlation;

/// <summary>Autoregression of order 1: effects a distance d apart in their order have the correlation rho^d, rho from −1 to 1.</summary>
internal sealed class Autoregression : CorrelationFunction
{
    private static readonly BoundedCorrelation range = new(-1, 1);

    public Autoregression(int dimension)
        : base(dimension)
    {
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names => Dimension > 1 ? ["rho"] : [];

    /// <summary>rho^d and its first two derivatives in rho.</summary>
    public static (double Value, double First, double Second) Power(double rho, int d) => d switch
    {
        0 => (1, 0, 0),
        1 => (rho, 1, 0),
        _ => (Math.Pow(rho, d), d * Math.Pow(rho, d - 1), d * (d - 1.0) * Math.Pow(rho, d - 2)),
    };

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<double> phi, Span<double> R)
    {
        var rho = phi.IsEmpty ? 0 : range.Value(phi[0]);
        Write(d => Power(rho, d).Value, R);
    }

    /// <inheritdoc/>
    public override void Derivative(int k, ReadOnlySpan<double> phi, Span<double> dR)
    {
        var (rho, slope) = (range.Value(phi[0]), range.First(phi[0]));
        Write(d => Power(rho, d).First * slope, dR);
    }

    /// <inheritdoc/>
    public override void SecondDerivative(int k, int l, ReadOnlySpan<double> phi, Span<double> ddR)
    {
        var (rho, slope, curvature) = (range.Value(phi[0]), range.First(phi[0]), range.Second(phi[0]));
        Write(d => (Power(rho, d).Second * slope * slope) + (Power(rho, d).First * curvature), ddR);
    }

    /// <inheritdoc/>
    public override Jet NaturalJet(int k, ReadOnlySpan<double> phi) => range.Jet(phi[0]);

    /// <inheritdoc/>
    public override (double Lower, double Upper) Bounds(int k) => (range.Lower, range.Upper);

    /// <inheritdoc/>
    public override double? Free(int k, double natural) => range.Inverse(natural);

    /// <inheritdoc/>
    public override double Natural(int k, ReadOnlySpan<double> phi) => range.Value(phi[0]);

    /// <inheritdoc/>
    public override void Start(Span<double> phi)
    {
        if (!phi.IsEmpty) phi[0] = range.Inverse(0.5);
    }

    /// <inheritdoc/>
    public override void MakeCanonical(Span<double> phi)
    {
        if (!phi.IsEmpty) phi[0] = BoundedCorrelation.Canonical(phi[0]);
    }

    /// <inheritdoc/>
    public override IEnumerable<double[]> Sample() => Dimension > 1 ? Enumerable.Range(-10, 21).Select(i => new[] { range.Inverse(0.1 * i) }) : [[]];

    /// <summary>From the correlations at the shortest distance at which some are known.</summary>
    public override void FromCorrelation(ReadOnlySpan<double> R, Span<double> phi)
    {
        phi.Clear();
        for (var lag = 1; lag < Dimension; lag++)
        {
            var mean = LagMeans.At(R, Dimension, lag);
            if (double.IsNaN(mean)) continue;
            phi[0] = range.Inverse(lag == 1 ? mean : Math.CopySign(Math.Pow(Math.Abs(mean), 1.0 / lag), lag % 2 == 0 ? 1 : mean));
            return;
        }
    }

    private void Write(Func<int, double> ofDistance, Span<double> R)
    {
        for (var lag = 0; lag < Dimension; lag++)
        {
            var value = ofDistance(lag);
            for (var j = 0; j + lag < Dimension; j++) R[j + lag + (j * Dimension)] = R[j + ((j + lag) * Dimension)] = value;
        }
    }
}
