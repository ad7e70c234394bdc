using MixedModels.Numerics;

namespace MixedModels.Covariance.Correlation;

/// <summary>
/// Correlations that fall with the distance of the effects' positions: a function of the distance and of parameters that are positive numbers,
/// kept as their logarithms. The bounds (range 0: independent effects; range without end: one effect) are limits that no number reaches.
/// </summary>
internal abstract class DistanceCorrelation : CorrelationFunction
{
    /// <summary>The range a search starts from, as a share of the median distance.</summary>
    private const double StartShare = 0.3;

    /// <summary>A range below this share of the median distance leaves no correlation, one as many times above it nothing else.</summary>
    private const double NegligibleShare = 3e-7;

    private readonly double[] distances;
    private readonly double median;

    /// <summary>Takes the positions of the effects.</summary>
    /// <param name="positions">p×d, column-major: a row an effect, no two equal.</param>
    /// <param name="dimension">p.</param>
    protected DistanceCorrelation(ReadOnlySpan<double> positions, int dimension)
        : base(dimension)
    {
        distances = new double[dimension * dimension];
        var apart = new List<double>();
        for (var j = 0; j < dimension; j++)
        {
            for (var i = j + 1; i < dimension; i++)
            {
                var square = 0.0;
                for (var c = 0; c < positions.Length; c += dimension) square += (positions[c + i] - positions[c + j]) * (positions[c + i] - positions[c + j]);
                distances[i + (j * dimension)] = distances[j + (i * dimension)] = Math.Sqrt(square);
                apart.Add(Math.Sqrt(square));
            }
        }

        apart.Sort();
        median = apart.Count > 0 ? apart[apart.Count / 2] : 1;
    }

    /// <summary>A range to start from, in the unit of the positions.</summary>
    protected double StartRange => StartShare * median;

    /// <inheritdoc/>
    public override bool HasBounds => false;

    /// <summary>The range first; a function with a shape adds its own.</summary>
    public override IReadOnlyList<string> Names => Dimension > 1 ? ["range"] : [];

    /// <inheritdoc/>
    public override void Start(Span<double> phi)
    {
        if (!phi.IsEmpty) phi[0] = Power * Math.Log(StartRange);
    }

    /// <summary>The parameters nearest to R, from the range at which one telling pair has its correlation.</summary>
    public override void FromCorrelation(ReadOnlySpan<double> R, Span<double> phi)
    {
        Start(phi);
        if (phi.IsEmpty) return;
        var (distance, correlation) = TellingPair(R);
        if (double.IsNaN(distance))
        {
            phi[0] += Power * FarShift(R);
            return;
        }

        phi[0] = Power * Math.Log(RangeAt(distance, correlation));
        Match(R, phi);
    }

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<double> phi, Span<double> R) => Write(1, OfDistance([.. phi], -1, -1), R);

    /// <inheritdoc/>
    public override void Derivative(int k, ReadOnlySpan<double> phi, Span<double> dR) => Write(0, OfDistance([.. phi], k, -1), dR);

    /// <inheritdoc/>
    public override void SecondDerivative(int k, int l, ReadOnlySpan<double> phi, Span<double> ddR) => Write(0, OfDistance([.. phi], k, l), ddR);

    /// <inheritdoc/>
    public override Jet NaturalJet(int k, ReadOnlySpan<double> phi) => Jet.Variables(phi)[k].Exp();

    /// <inheritdoc/>
    public override (double Lower, double Upper) Bounds(int k) => (0, double.PositiveInfinity);

    /// <inheritdoc/>
    public override (double Lower, double Upper) Reach(int k) => (NegligibleShare * median, median / NegligibleShare);

    /// <inheritdoc/>
    public override double? Free(int k, double natural) => Math.Log(natural);

    /// <inheritdoc/>
    public override double Natural(int k, ReadOnlySpan<double> phi) => Math.Exp(phi[k]);

    /// <summary>The start, and ranges a hundred times smaller and larger.</summary>
    public override IEnumerable<double[]> Sample()
    {
        var start = new double[ParameterCount];
        Start(start);
        if (Dimension == 1) return [start];
        return new[] { -4.6, -2.3, 0, 2.3, 4.6 }.Select(shift => (double[])[start[0] + shift, .. start[1..]]);
    }

    /// <summary>The correlation as a function of a positive distance, or its derivative in parameter k, or its second one in k and l; −1 for none.</summary>
    protected abstract Func<double, double> OfDistance(double[] phi, int k, int l);

    /// <summary>The power of the range that the first parameter is the logarithm of: −1 where the function has a rate.</summary>
    protected virtual int Power => 1;

    /// <summary>The range at which effects at a distance have a correlation between 0 and 1; the exponential's where the function has none in closed form.</summary>
    protected virtual double RangeAt(double distance, double correlation) => distance / -Math.Log(correlation);

    /// <summary>The shift of log(range) where no pair tells it: far down where the correlations are 0, far up where they are 1.</summary>
    private static double FarShift(ReadOnlySpan<double> R)
    {
        foreach (var value in R)
        {
            if (value <= 0) return -4.6;
        }

        return 4.6;
    }

    /// <summary>Of the pairs whose correlation is known the one best fit to tell a range: its correlation is nearest to e⁻¹. NaN where none lies between 0 and 1.</summary>
    private (double Distance, double Correlation) TellingPair(ReadOnlySpan<double> R)
    {
        var best = (Distance: double.NaN, Correlation: double.NaN);
        for (var e = 0; e < R.Length; e++)
        {
            if (!(R[e] > 0 && R[e] < 1) || distances[e] == 0) continue;
            if (!(Math.Abs(R[e] - Math.Exp(-1)) >= Math.Abs(best.Correlation - Math.Exp(-1)))) best = (distances[e], R[e]);
        }

        return best;
    }

    private void Write(double diagonal, Func<double, double> ofDistance, Span<double> R)
    {
        for (var j = 0; j < Dimension; j++)
        {
            R[j * (Dimension + 1)] = diagonal;
            for (var i = j + 1; i < Dimension; i++) R[i + (j * Dimension)] = R[j + (i * Dimension)] = ofDistance(distances[i + (j * Dimension)]);
        }
    }
}
