namespace MixedModels.Families.Links;

/// <summary><c>sqrt</c>: mu = eta². As in R, eta may have either sign.</summary>
internal sealed class SquareRootLink : Link
{
    /// <inheritdoc/>
    public override string Name => "sqrt";

    /// <inheritdoc/>
    public override double Predictor(double mu) => Math.Sqrt(mu);

    /// <inheritdoc/>
    public override Taylor Mean(double eta) => new(eta * eta, 2 * eta, 2, 0);

    /// <inheritdoc/>
    internal override (double Lower, double Upper) MeanInterval(double low, double high)
    {
        var (lower, upper) = base.MeanInterval(low, high);
        return (low < 0 && high > 0 ? 0 : lower, upper);
    }
}
