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
}
