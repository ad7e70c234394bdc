namespace MixedModels.Families.Links;

/// <summary><c>cauchit</c>: mu = ½ + arctan(eta)/π.</summary>
internal sealed class CauchitLink : Link
{
    /// <inheritdoc/>
    public override string Name => "cauchit";

    /// <inheritdoc/>
    public override double Predictor(double mu) => Math.Tan(Math.PI * (mu - 0.5));

    /// <inheritdoc/>
    public override Taylor Mean(double eta)
    {
        var d = 1 / (1 + (eta * eta));
        var slope = d / Math.PI;

        // The angle from the other side keeps the digits of a small mean.
        return new(Math.Atan2(1, -eta) / Math.PI, slope, -2 * eta * d * slope, ((8 * eta * eta * d) - 2) * d * slope);
    }

    /// <inheritdoc/>
    public override Taylor LogComplement(double eta)
    {
        var own = LogMean(-eta);
        return new(own.Value, -own.First, own.Second, -own.Third);
    }
}
