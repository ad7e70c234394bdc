namespace MixedModels;

/// <summary>One model of a <see cref="ModelComparison"/>, set against the one above it.</summary>
/// <param name="Formula">The model's formula.</param>
/// <param name="ParameterCount">Fixed effects, covariance parameters and the residual variance.</param>
/// <param name="LogLikelihood">The log-likelihood by the comparison's criterion.</param>
/// <param name="Aic">Akaike's criterion, −2 logLik + 2k.</param>
/// <param name="CorrectedAic">Akaike's criterion with the correction for few rows, + 2k(k + 1)/(n − k − 1); infinite for n ≤ k + 1.</param>
/// <param name="Bic">The Bayesian criterion, −2 logLik + k log n with n the number of rows.</param>
/// <param name="ChiSquare">Twice the difference of the log-likelihoods; null in the first row and where the models are certainly not nested.</param>
/// <param name="DegreesOfFreedom">The difference of the numbers of parameters; null as <paramref name="ChiSquare"/>.</param>
/// <param name="PValue">P(χ²_df ≥ chi-square); null also where df is 0.</param>
/// <param name="MixturePValue">
/// P under ½χ²_{df−1} + ½χ²_df, where one random effect more is what distinguishes the models, so that its variance of 0 is on the
/// boundary; null elsewhere.
/// </param>
public sealed record ComparedModel(
    string Formula,
    int ParameterCount,
    double LogLikelihood,
    double Aic,
    double CorrectedAic,
    double Bic,
    double? ChiSquare = null,
    int? DegreesOfFreedom = null,
    double? PValue = null,
    double? MixturePValue = null);
