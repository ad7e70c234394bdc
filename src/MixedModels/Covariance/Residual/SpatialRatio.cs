using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary><c>sp_ratio</c>: the rational quadratic, 1/(1 + (d/range)²).</summary>
internal sealed class SpatialRatio(ResidualSites sites, ResidualOptions options) : Spatial(sites, options)
{
    public override string Name => "sp_ratio";

    public override string Words => "spatial rational quadratic: the correlation is 1/(1 + (distance/range)²)";

    public override ResidualStructure Over(ResidualSites sites) => new SpatialRatio(sites, Options);

    protected override Jet Decay(Jet h) => 1 / (1 + (h * h));
}
