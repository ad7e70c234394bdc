namespace MixedModels;

/// <summary>How far the search for an optimum is. How much of it is left cannot be known before its end.</summary>
/// <param name="Evaluations">Evaluations of the deviance so far, at least 1.</param>
/// <param name="Deviance">−2 × the log-likelihood, or the REML criterion, at the last of them; NaN where it is not defined.</param>
public sealed record FitProgress(int Evaluations, double Deviance);
