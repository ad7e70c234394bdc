namespace MixedModels.Families.Links;

/// <summary><c>inverse</c>: mu = 1/eta.</summary>
internal sealed class InverseLink : Link
{
    /// <inheritdoc/>
    public override string Name => "inverse";

    /// <inheritdoc/>
    public override double Predictor(double mu) => 1 / mu;

    /// <inheritdoc/>
    public override Taylor Mean(double eta) => Taylor.Variable(eta).Reciprocal();

    /// <inheritdoc/>
    internal override (double Lower, double Upper) MeanInterval(double low, double high) =>
        low > 0 ? base.MeanInterval(low, high) : (high > 0 ? Mean(high).Value : double.NaN, double.PositiveInfinity);
}
