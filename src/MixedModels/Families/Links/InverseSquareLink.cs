namespace MixedModels.Families.Links;

/// <summary><c>1/mu^2</c>: mu = 1/√eta for eta &gt; 0.</summary>
internal sealed class InverseSquareLink : Link
{
    /// <inheritdoc/>
    public override string Name => "1/mu^2";

    /// <inheritdoc/>
    public override double Predictor(double mu) => 1 / (mu * mu);

    /// <inheritdoc/>
    public override Taylor Mean(double eta)
    {
        if (!(eta > 0)) return Taylor.Constant(double.NaN);
        var mu = 1 / Math.Sqrt(eta);
        return new(mu, -0.5 * mu / eta, 0.75 * mu / (eta * eta), -1.875 * mu / (eta * eta * eta));
    }

    /// <inheritdoc/>
    internal override (double Lower, double Upper) MeanInterval(double low, double high) =>
        low > 0 ? base.MeanInterval(low, high) : (high > 0 ? Mean(high).Value : double.NaN, double.PositiveInfinity);
}
