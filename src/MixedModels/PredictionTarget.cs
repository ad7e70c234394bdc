namespace MixedModels;

/// <summary>Whose mean is predicted.</summary>
public enum PredictionTarget
{
    /// <summary>That of the row's own groups: X beta + offset + Z b at the conditional modes.</summary>
    Conditional,

    /// <summary>That over all groups: X beta + offset. Columns of the random terms need not be there.</summary>
    Population,

    /// <summary>
    /// That of the response averaged over the random effects by integration, on the response's scale; under an identity link the same as
    /// <see cref="Population"/>. Groups need not be there, but what their effects multiply must.
    /// </summary>
    Averaged,
}
