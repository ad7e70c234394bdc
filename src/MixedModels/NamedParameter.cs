namespace MixedModels;

/// <summary>A parameter by name, on its natural scale.</summary>
/// <param name="Name">Such as <c>rho</c>, or <c>rho[PBO]</c> in the group PBO.</param>
/// <param name="Value">The estimate, or what it is held at.</param>
public sealed record NamedParameter(string Name, double Value);
