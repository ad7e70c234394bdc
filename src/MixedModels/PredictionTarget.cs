namespace MixedModels;

/// <summary>Whose mean is predicted.</summary>
public enum PredictionTarget
{
    /// <summary>That of the row's own groups: X beta + offset + Z b at the conditional modes.</summary>
    Conditional,

    /// <summary>That over all groups: X beta + offset. Columns of the random terms need not be there.</summary>
    Population,
}
