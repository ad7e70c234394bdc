namespace MixedModels;

/// <summary>The door from a fit to its figures and diagnostics.</summary>
public static class ModelInspection
{
    /// <summary>The fit as figures and diagnostic rules see it.</summary>
    /// <param name="fit">The fit.</param>
    /// <exception cref="ArgumentNullException">There is no fit.</exception>
    /// <exception cref="ArgumentException">The fit is of a class that has no figures.</exception>
    public static IInspectedFit Inspect(this IMixedModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return fit switch
        {
            LinearMixedModelFit linear => new LinearInspection(linear),
            GeneralizedMixedModelFit generalized => new GeneralizedInspection(generalized),
            _ => throw new ArgumentException($"There are no figures of a {fit.GetType().Name}.", nameof(fit)),
        };
    }
}
