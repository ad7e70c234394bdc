namespace MixedModels;

/// <summary>The scale of predictions of a generalized model.</summary>
public enum PredictionScale
{
    /// <summary>The mean: a probability of one trial for binomial responses.</summary>
    Response,

    /// <summary>The linear predictor, such as the log-odds.</summary>
    Link,
}
