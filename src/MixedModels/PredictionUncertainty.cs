namespace MixedModels;

/// <summary>What a prediction's standard error and interval are about.</summary>
public enum PredictionUncertainty
{
    /// <summary>
    /// The predicted mean: the estimates of the fixed effects and, for a conditional prediction, the random effects given the data (those of
    /// a new level: all their variance).
    /// </summary>
    Mean,

    /// <summary>
    /// A new observation: that of the mean and the residual variance, sigma² over the row's weight. Of a generalized model the standard deviation and quantiles of its distribution,
    /// the family's over a normal predictor: whole counts, and for a binomial response proportions of the row's trials.
    /// </summary>
    Observation,
}
