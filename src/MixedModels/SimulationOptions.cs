namespace MixedModels;

/// <summary>What is drawn anew in a simulation from a fit.</summary>
public sealed record SimulationOptions
{
    /// <summary>Whether the random effects stay at their conditional modes, so that only residuals are drawn; by default both are drawn.</summary>
    public bool Conditional { get; init; }
}
