using MixedModels.Numerics;

namespace MixedModels.Covariance.Correlation;

/// <summary>No correlations: R = I, without parameters.</summary>
internal sealed class Independent(int dimension) : CorrelationFunction(dimension)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Names => [];

    /// <inheritdoc/>
    public override void Fill(ReadOnlySpan<double> phi, Span<double> R)
    {
        R.Clear();
        for (var i = 0; i < Dimension; i++) R[i * (Dimension + 1)] = 1;
    }

    /// <inheritdoc/>
    public override void Derivative(int k, ReadOnlySpan<double> phi, Span<double> dR) => throw NoParameter(k);

    /// <inheritdoc/>
    public override void SecondDerivative(int k, int l, ReadOnlySpan<double> phi, Span<double> ddR) => throw NoParameter(k);

    /// <inheritdoc/>
    public override double Natural(int k, ReadOnlySpan<double> phi) => throw NoParameter(k);

    /// <inheritdoc/>
    public override Jet NaturalJet(int k, ReadOnlySpan<double> phi) => throw NoParameter(k);

    /// <inheritdoc/>
    public override (double Lower, double Upper) Bounds(int k) => throw NoParameter(k);

    /// <inheritdoc/>
    public override void Start(Span<double> phi)
    {
        // Nothing to start.
    }

    /// <inheritdoc/>
    public override void FromCorrelation(ReadOnlySpan<double> R, Span<double> phi)
    {
        // Nothing to find.
    }

    private static ArgumentOutOfRangeException NoParameter(int k) => new(nameof(k), k, "Independent effects have no correlation parameter.");
}
