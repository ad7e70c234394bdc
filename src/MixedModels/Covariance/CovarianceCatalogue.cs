using MixedModels.Covariance.Correlation;

namespace MixedModels.Covariance;

/// <summary>The covariance structures by their names in the formula language.</summary>
internal static class CovarianceCatalogue
{
    /// <summary>A structure for p random effects a level.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dimension">p.</param>
    /// <param name="rank">The number of latent variables of <c>rr</c>; of no use to others.</param>
    /// <param name="positions">The positions of the effects for <c>ou exp gau mat</c>, p×d, column-major: a row an effect.</param>
    /// <exception cref="ArgumentException">The name is not in the catalogue, or positions are wanted and not given.</exception>
    public static CovarianceStructure Create(string name, int dimension, int rank = 2, ReadOnlySpan<double> positions = default) => name switch
    {
        "us" => new Unstructured(dimension),
        "diag" => new Diagonal(dimension),
        "homdiag" => new HomogeneousEffects(name, new Independent(dimension)),
        "cs" => new HeterogeneousEffects(name, new CompoundSymmetry(dimension)),
        "homcs" => new HomogeneousEffects(name, new CompoundSymmetry(dimension)),
        "ar1" => new HomogeneousEffects(name, new Autoregression(dimension)),
        "hetar1" => new HeterogeneousEffects(name, new Autoregression(dimension)),
        "toep" => new HeterogeneousEffects(name, new ToeplitzCorrelation(dimension)),
        "homtoep" => new HomogeneousEffects(name, new ToeplitzCorrelation(dimension)),
        "ou" => new HomogeneousEffects(name, new OrnsteinUhlenbeck(Required(positions, dimension, name), dimension)),
        "exp" => new HomogeneousEffects(name, new ExponentialCorrelation(Required(positions, dimension, name), dimension)),
        "gau" => new HomogeneousEffects(name, new GaussianCorrelation(Required(positions, dimension, name), dimension)),
        "mat" => new HomogeneousEffects(name, new MaternCorrelation(Required(positions, dimension, name), dimension)),
        "rr" => new ReducedRank(dimension, rank),
        _ => throw new ArgumentException($"No covariance structure is named '{name}'.", nameof(name)),
    };

    private static ReadOnlySpan<double> Required(ReadOnlySpan<double> positions, int dimension, string name) =>
        !positions.IsEmpty && positions.Length % dimension == 0
            ? positions
            : throw new ArgumentException($"The structure '{name}' needs a position for each of the {dimension} effects.", nameof(positions));
}
