namespace MixedModels;

/// <summary>On which scale marginal means of a generalized model are given. Under an identity link all are the same.</summary>
public enum MeanScale
{
    /// <summary>The linear predictor, such as the log-odds; random effects at zero.</summary>
    Link,

    /// <summary>
    /// The response at random effects of zero: the link's mean carried back, intervals by their ends. Contrasts are ratios under a log link, odds ratios
    /// under a logit, and stay on the link's scale under others.
    /// </summary>
    Response,

    /// <summary>
    /// The response with half the predictor's variance times the curvature of the inverse link added: the average over the random effects to second order. Contrasts are differences.
    /// </summary>
    BiasAdjusted,

    /// <summary>The response averaged over the random effects, by numerical integration, and then over the grid: population-averaged means. Contrasts are differences.</summary>
    Averaged,
}

/// <summary>The names of the scales on the command line and in JSON.</summary>
public static class MeanScaleNames
{
    /// <summary>The names, in the order of <see cref="MeanScale"/>.</summary>
    public static IReadOnlyList<string> All { get; } = ["link", "response", "bias-adjusted", "averaged"];

    /// <summary>The name of a scale.</summary>
    public static string Name(this MeanScale scale) => All[(int)scale];

    /// <summary>Reads a name; false where there is no such scale.</summary>
    public static bool TryParse(string name, out MeanScale scale)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (var i = 0; i < All.Count; i++)
        {
            if (!string.Equals(All[i], name, StringComparison.Ordinal)) continue;
            scale = (MeanScale)i;
            return true;
        }

        scale = default;
        return false;
    }
}
