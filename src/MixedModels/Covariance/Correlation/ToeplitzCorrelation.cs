using MixedModels.Numerics;

namespace MixedModels.Covariance.Correlation;

/// <summary>
/// A correlation of its own for every distance in the order of the effects, as of a stationary series. The parameters are the partial
/// autocorrelations, each free between −1 and 1, so that every value of theirs is positive semidefinite.
/// </summary>
/// <remarks>
/// The Durbin–Levinson recursion, with a_k the partial autocorrelation at distance k, v_k = Π(1 − a_j²) and c the coefficients of the best
/// prediction: r_k = Σ_j c_j r_{k−j} + a_k v_{k−1}, then c_j ← c_j − a_k c_{k−j}, c_k = a_k.
/// Source: Barndorff-Nielsen and Schou 1973, J. Multivariate Analysis 3, 408–419.
/// </remarks>
internal sealed class ToeplitzCorrelation : CorrelationFunction
{
    private static readonly BoundedCorrelation range = new(-1, 1);

    public ToeplitzCorrelation(int dimension)
        : base(dimension) => Names = [.. Enumerable.Range(1, dimension - 1).Select(lag => FormattableString.Invariant($"rho{lag}"))];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names { get; }

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<double> phi, Span<double> R) => Write(Correlations(phi, -1, -1), r => r.Value, R);

    /// <inheritdoc/>
    public override void Derivative(int k, ReadOnlySpan<double> phi, Span<double> dR) => Write(Correlations(phi, k, -1), r => r.First, dR);

    /// <inheritdoc/>
    public override void SecondDerivative(int k, int l, ReadOnlySpan<double> phi, Span<double> ddR) => Write(Correlations(phi, k, l), r => r.Mixed, ddR);

    /// <inheritdoc/>
    public override Jet NaturalJet(int k, ReadOnlySpan<double> phi)
    {
        var count = ParameterCount;
        var (first, second) = (new double[count], new double[count * (count + 1) / 2]);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var r = Correlations(phi, i, j)[k + 1];
                (first[i], second[Jet.Pair(i, j)]) = (r.First, r.Mixed);
            }
        }

        return Jet.Of(Natural(k, phi), first, second);
    }

    /// <inheritdoc/>
    public override (double Lower, double Upper) Bounds(int k) => (range.Lower, range.Upper);

    /// <summary>At distance 1 correlation and partial autocorrelation are the same.</summary>
    public override double? Free(int k, double natural) => k == 0 ? range.Inverse(natural) : null;

    /// <inheritdoc/>
    public override double Natural(int k, ReadOnlySpan<double> phi) => Correlations(phi, -1, -1)[k + 1].Value;

    /// <summary>Slowly falling correlations, 0.5 at distance 1: those of an autoregression.</summary>
    public override void Start(Span<double> phi)
    {
        phi.Clear();
        if (!phi.IsEmpty) phi[0] = range.Inverse(0.5);
    }

    /// <inheritdoc/>
    public override void MakeCanonical(Span<double> phi)
    {
        for (var k = 0; k < phi.Length; k++) phi[k] = BoundedCorrelation.Canonical(phi[k]);
    }

    /// <summary>The partial autocorrelations of the mean correlation at each distance; beyond one of ±1 there are none.</summary>
    public override void FromCorrelation(ReadOnlySpan<double> R, Span<double> phi)
    {
        var (c, before) = (new double[Dimension], new double[Dimension]);
        var (r, v) = (new double[Dimension], 1.0);
        phi.Clear();
        for (var k = 1; k < Dimension; k++)
        {
            r[k] = LagMeans.At(R, Dimension, k);
            var predicted = 0.0;
            for (var j = 1; j < k; j++) predicted += c[j] * r[k - j];
            var a = v > 1e-14 && !double.IsNaN(r[k]) ? Math.Clamp((r[k] - predicted) / v, -1, 1) : 0;
            phi[k - 1] = range.Inverse(a);
            r[k] = predicted + (a * v);
            c.CopyTo(before, 0);
            for (var j = 1; j < k; j++) c[j] = before[j] - (a * before[k - j]);
            c[k] = a;
            v *= 1 - (a * a);
        }
    }

    /// <summary>r_0 … r_{p−1} with derivatives in two parameters; −1 for none.</summary>
    private HyperDual[] Correlations(ReadOnlySpan<double> phi, int first, int second)
    {
        var r = new HyperDual[Dimension];
        var (c, before) = (new HyperDual[Dimension], new HyperDual[Dimension]);
        HyperDual v = 1;
        r[0] = 1;
        for (var k = 1; k < Dimension; k++)
        {
            var own = phi[k - 1];
            var (isFirst, isSecond) = (k - 1 == first, k - 1 == second);
            HyperDual a = new(
                range.Value(own), isFirst ? range.First(own) : 0, isSecond ? range.First(own) : 0, isFirst && isSecond ? range.Second(own) : 0);
            var predicted = default(HyperDual);
            for (var j = 1; j < k; j++) predicted += c[j] * r[k - j];
            r[k] = predicted + (a * v);
            c.CopyTo(before, 0);
            for (var j = 1; j < k; j++) c[j] = before[j] - (a * before[k - j]);
            c[k] = a;
            v *= 1 - (a * a);
        }

        return r;
    }

    private void Write(HyperDual[] r, Func<HyperDual, double> part, Span<double> R)
    {
        for (var lag = 0; lag < Dimension; lag++)
        {
            var value = part(r[lag]);
            for (var j = 0; j + lag < Dimension; j++) R[j + lag + (j * Dimension)] = R[j + ((j + lag) * Dimension)] = value;
        }
    }
}
