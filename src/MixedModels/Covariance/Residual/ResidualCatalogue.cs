namespace MixedModels.Covariance.Residual;

/// <summary>The residual structures by their names in the formula language.</summary>
internal static class ResidualCatalogue
{
    /// <summary>A structure over sites; heterogeneous ones (<c>ar1h</c>) are their correlation, standard deviations stand beside it.</summary>
    /// <param name="name">The name.</param>
    /// <param name="sites">The sites.</param>
    /// <param name="options">Orders of <c>arma</c>, and whether distances have a nugget.</param>
    /// <exception cref="ArgumentException">The name is not in the catalogue.</exception>
    public static ResidualStructure Create(string name, ResidualSites sites, ResidualOptions options) => name switch
    {
        "us" => new Unstructured(sites),
        "corus" => new UnstructuredCorrelation(sites),
        "cs" or "csh" => new CompoundSymmetry(sites),
        "ar1" or "ar1h" => new Autoregressive(sites),
        "toep" or "toeph" => new Toeplitz(sites),
        "ad" or "adh" => new Antedependence(sites),
        "arma" => new AutoregressiveMovingAverage(sites, options.P, options.Q),
        "car1" => new ContinuousAutoregressive(sites, options),
        "sp_exp" => new SpatialExponential(sites, options),
        "sp_gau" => new SpatialGaussian(sites, options),
        "sp_sph" => new SpatialSpherical(sites, options),
        "sp_lin" => new SpatialLinear(sites, options),
        "sp_ratio" => new SpatialRatio(sites, options),
        "rw" => new RandomWalk(sites),
        _ => throw new ArgumentException($"No residual structure is named '{name}'.", nameof(name)),
    };

    /// <summary>Whether every site has a standard deviation of its own beside the correlation.</summary>
    public static bool IsHeterogeneous(string name) => name is "csh" or "ar1h" or "toeph" or "adh";
}

/// <summary>What some structures take besides their sites.</summary>
/// <param name="P">Autoregressive order.</param>
/// <param name="Q">Moving average order.</param>
/// <param name="HasNugget">Whether correlations between distinct rows stay below 1 at distance 0.</param>
/// <param name="DistanceUnit">The distance that ranges are measured in inside; 0 for a typical one.</param>
internal sealed record ResidualOptions(int P = 1, int Q = 0, bool HasNugget = false, double DistanceUnit = 0);
