namespace MixedModels;

/// <summary>What stands for the variance of an observation about its mean on the scale of a generalized model's predictor.</summary>
/// <remarks>Source: Nakagawa, Johnson and Schielzeth 2017, J. R. Soc. Interface 14, tables 1 and 2. V is the variance of a response at the mean response lambda.</remarks>
public enum ObservationVariance
{
    /// <summary>Binomial alone: that of the variable whose sign is the response: π²/3 (logit), 1 (probit), π²/6 (cloglog, loglog).</summary>
    Latent,

    /// <summary>V/(dmu/deta)² at lambda, for any family and link.</summary>
    Delta,

    /// <summary>Log link alone: log(1 + V/lambda²).</summary>
    LogNormal,

    /// <summary>Log link alone: trigamma(lambda²/V), exact for the logarithm of a Gamma response.</summary>
    Trigamma,
}
