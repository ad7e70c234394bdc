namespace MixedModels;

/// <summary>What is predicted for a level of a grouping factor that the fit has not seen.</summary>
public enum NewLevels
{
    /// <summary>Nothing: the prediction is refused and the message names the level.</summary>
    Error,

    /// <summary>The mean of its effects, which is zero: that term adds nothing in those rows, others still do.</summary>
    Population,
}
