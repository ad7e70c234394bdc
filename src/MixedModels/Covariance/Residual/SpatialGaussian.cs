using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary><c>sp_gau</c>: the correlation is e^(−(d/range)²).</summary>
internal sealed class SpatialGaussian(ResidualSites sites, ResidualOptions options) : Spatial(sites, options)
{
    public override string Name => "sp_gau";

    public override string Words => "spatial Gaussian: the correlation is exp(−(distance/range)²)";

    public override ResidualStructure Over(ResidualSites sites) => new SpatialGaussian(sites, Options);

    protected override Jet Decay(Jet h) => (-(h * h)).Exp();
}
