using MixedModels.Numerics;

namespace MixedModels.Covariance.Correlation;

/// <summary>Compound symmetry: one correlation rho between any two effects, from −1/(p − 1) to 1.</summary>
internal sealed class CompoundSymmetry : CorrelationFunction
{
    private readonly BoundedCorrelation range;

    public CompoundSymmetry(int dimension)
        : base(dimension) => range = new(dimension > 1 ? -1.0 / (dimension - 1) : -1, 1);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names => Dimension > 1 ? ["rho"] : [];

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<double> phi, Span<double> R) => Write(1, phi.IsEmpty ? 0 : range.Value(phi[0]), R);

    /// <inheritdoc/>
    public override void Derivative(int k, ReadOnlySpan<double> phi, Span<double> dR) => Write(0, range.First(phi[0]), dR);

    /// <inheritdoc/>
    public override void SecondDerivative(int k, int l, ReadOnlySpan<double> phi, Span<double> ddR) => Write(0, range.Second(phi[0]), ddR);

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
        if (!phi.IsEmpty) phi[0] = range.Inverse(0.3);
    }

    /// <inheritdoc/>
    public override void MakeCanonical(Span<double> phi)
    {
        if (!phi.IsEmpty) phi[0] = BoundedCorrelation.Canonical(phi[0]);
    }

    /// <summary>R is linear in rho: its bounds hold all between.</summary>
    public override IEnumerable<double[]> Sample() => Dimension > 1 ? [[-0.5 * Math.PI], [0.5 * Math.PI]] : [[]];

    /// <inheritdoc/>
    public override void FromCorrelation(ReadOnlySpan<double> R, Span<double> phi)
    {
        if (!phi.IsEmpty) phi[0] = range.Inverse(LagMeans.OverAll(R, Dimension));
    }

    private void Write(double diagonal, double other, Span<double> R)
    {
        R.Fill(other);
        for (var i = 0; i < Dimension; i++) R[i * (Dimension + 1)] = diagonal;
    }
}
