namespace MixedModels.Families.Links;

/// <summary><c>loglog</c>: mu = exp(−exp(−eta)), the mirror image of <c>cloglog</c>: 1 − mu(eta) is its mean at −eta.</summary>
internal sealed class LoglogLink : Link
{
    private static readonly CloglogLink mirror = new();

    /// <inheritdoc/>
    public override string Name => "loglog";

    /// <inheritdoc/>
    public override double Predictor(double mu) => -Math.Log(-Math.Log(mu));

    /// <inheritdoc/>
    public override Taylor Mean(double eta)
    {
        var e = Math.Exp(-eta);
        var slope = e * Math.Exp(-e);
        return new(Math.Exp(-e), slope, slope * (e - 1), slope * (1 - (3 * e) + (e * e)));
    }

    /// <inheritdoc/>
    public override Taylor LogMean(double eta) => Reflect(mirror.LogComplement(-eta));

    /// <inheritdoc/>
    public override Taylor LogComplement(double eta) => Reflect(mirror.LogMean(-eta));

    private static Taylor Reflect(Taylor f) => new(f.Value, -f.First, f.Second, -f.Third);
}
