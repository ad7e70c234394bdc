namespace MixedModels;

/// <summary>One point of a profile: the model fitted with one parameter held.</summary>
/// <param name="Value">The value it is held at.</param>
/// <param name="Zeta">The signed square root of what the criterion rises by; standard normal, about, were this the true value.</param>
/// <param name="Parameters">All parameters there, in the order of <see cref="LikelihoodProfile.ParameterNames"/>.</param>
public sealed record ProfilePoint(double Value, double Zeta, IReadOnlyList<double> Parameters);
