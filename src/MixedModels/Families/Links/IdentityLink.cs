namespace MixedModels.Families.Links;

/// <summary><c>identity</c>: mu = eta.</summary>
internal sealed class IdentityLink : Link
{
    /// <inheritdoc/>
    public override string Name => "identity";

    /// <inheritdoc/>
    public override double Predictor(double mu) => mu;

    /// <inheritdoc/>
    public override Taylor Mean(double eta) => Taylor.Variable(eta);
}
