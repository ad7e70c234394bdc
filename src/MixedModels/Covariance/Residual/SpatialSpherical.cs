using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary><c>sp_sph</c>: the correlation is 1 − 1.5 h + 0.5 h³ with h = d/range below 1, and 0 beyond; positive definite in up to three dimensions.</summary>
internal sealed class SpatialSpherical(ResidualSites sites, ResidualOptions options) : Spatial(sites, options)
{
    public override string Name => "sp_sph";

    public override string Words => "spatial spherical: the correlation falls to 0 at the range";

    public override ResidualStructure Over(ResidualSites sites) => new SpatialSpherical(sites, Options);

    protected override Jet Decay(Jet h) => h.Value < 1 ? 1 - (1.5 * h) + (0.5 * h.Power(3)) : 0;
}
