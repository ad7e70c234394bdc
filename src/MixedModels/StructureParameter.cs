namespace MixedModels;

/// <summary>A parameter of a covariance structure beside its standard deviations, such as the correlation of neighbours.</summary>
/// <param name="Name"><c>rho</c>, <c>rho1</c> and so on (correlations), <c>rate</c> (one over the unit of time), <c>range</c> (the unit of the coordinates), <c>shape</c>.</param>
/// <param name="Value">Its estimate.</param>
public sealed record StructureParameter(string Name, double Value);
