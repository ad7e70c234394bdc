using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary><c>sp_lin</c>: the correlation is 1 − d/range, and 0 beyond the range; positive definite in one dimension.</summary>
internal sealed class SpatialLinear(ResidualSites sites, ResidualOptions options) : Spatial(sites, options)
{
    public override string Name => "sp_lin";

    public override string Words => "linear: the correlation falls to 0 at the range";

    public override ResidualStructure Over(ResidualSites sites) => new SpatialLinear(sites, Options);

    protected override Jet Decay(Jet h) => h.Value < 1 ? 1 - h : 0;
}
