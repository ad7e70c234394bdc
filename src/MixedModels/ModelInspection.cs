namespace MixedModels;

/// <summary>The door from a fit to its figures and diagnostics.</summary>
public static class ModelInspection
{
    /// <summary>The fit as figures and diagnostic rules see it.</summary>
    /// <param name="fit">The fit.</param>
    /// <exception cref="ArgumentNullException">There is no fit.</exception>
    public static IInspectedFit Inspect(this LinearMixedModelFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        return new LinearInspection(fit);
    }
}
