namespace MixedModels.Families.Links;

/// <summary><c>log</c>: mu = exp(eta).</summary>
internal sealed class LogLink : Link
{
    /// <inheritdoc/>
    public override string Name => "log";

    /// <inheritdoc/>
    public override double Predictor(double mu) => Math.Log(mu);

    /// <inheritdoc/>
    public override Taylor Mean(double eta)
    {
        var mu = Math.Exp(eta);
        return new(mu, mu, mu, mu);
    }

    /// <inheritdoc/>
    public override Taylor LogMean(double eta) => Taylor.Variable(eta);
}
