namespace MixedModels.Families;

/// <summary>The families by name, as the command and saved models call them.</summary>
public static class FamilyCatalogue
{
    private static readonly (string Name, Func<Link?, Family> Create)[] all =
    [
        ("gaussian", Family.Gaussian),
        ("binomial", Family.Binomial),
        ("poisson", Family.Poisson),
        ("Gamma", Family.Gamma),
        ("inverse.gaussian", Family.InverseGaussian),
        ("nbinom1", Family.NegativeBinomial1),
        ("nbinom2", Family.NegativeBinomial2),
    ];

    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names => [.. all.Select(entry => entry.Name)];

    /// <summary>The family of a name; null where there is none.</summary>
    /// <param name="name">Such as <c>binomial</c>.</param>
    /// <param name="link">Its link; null for its default.</param>
    public static Family? Create(string name, Link? link = null) =>
        Array.Find(all, entry => string.Equals(entry.Name, name, StringComparison.Ordinal)).Create?.Invoke(link);
}
