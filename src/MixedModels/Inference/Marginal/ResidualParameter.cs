using MixedModels.Numerics;

namespace MixedModels.Inference.Marginal;

/// <summary>A parameter of the residuals' covariance as users read it, a function of the engine's parameters.</summary>
/// <param name="Name">As in the tables of intervals.</param>
/// <param name="Range">Its bounds.</param>
/// <param name="Of">Its value from phi and tau, the logarithm of the engine's sigma.</param>
internal sealed record ResidualParameter(string Name, ParameterRange Range, Func<Jet[], Jet, Jet> Of)
{
    /// <summary>The value at numbers.</summary>
    public double At(ReadOnlySpan<double> phi, double tau) => Of(Array.ConvertAll(phi.ToArray(), Jet.Constant), tau).Value;
}
