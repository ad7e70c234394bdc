namespace MixedModels;

/// <summary>The likelihood-ratio test of one random term, or of one effect in it.</summary>
/// <param name="Term">What is left out: <c>(1 | Worker)</c>, or <c>Days in (Days | Subject)</c>.</param>
/// <param name="ParameterCount">The parameters of the model without it.</param>
/// <param name="LogLikelihood">The log-likelihood of the model without it, by the fit's criterion.</param>
/// <param name="ChiSquare">Twice what the log-likelihood falls by.</param>
/// <param name="DegreesOfFreedom">The parameters it takes away.</param>
/// <param name="PValue">P(χ²_df ≥ chi-square): too large, because a variance of 0 is on the boundary.</param>
/// <param name="MixturePValue">P under ½χ²_{df−1} + ½χ²_df where one effect is left out; null where several are.</param>
/// <param name="Converged">Whether the optimum of the model without it was proved.</param>
public sealed record RandomTermTest(
    string Term, int ParameterCount, double LogLikelihood, double ChiSquare, int DegreesOfFreedom, double PValue, double? MixturePValue, bool Converged);
