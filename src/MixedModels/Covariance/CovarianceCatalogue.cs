namespace MixedModels.Covariance;

/// <summary>The covariance structures by their names in the formula language.</summary>
internal static class CovarianceCatalogue
{
    /// <summary>A structure for p random effects a level.</summary>
    /// <exception cref="ArgumentException">The name is not in the catalogue.</exception>
    public static CovarianceStructure Create(string name, int dimension) => name switch
    {
        "us" => new Unstructured(dimension),
        "diag" => new Diagonal(dimension),
        _ => throw new ArgumentException($"No covariance structure is named '{name}'.", nameof(name)),
    };
}
