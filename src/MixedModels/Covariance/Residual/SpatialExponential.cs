using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary><c>sp_exp</c>: the correlation is e^(−d/range); in one dimension the same as <c>car1</c>.</summary>
internal sealed class SpatialExponential(ResidualSites sites, ResidualOptions options) : Spatial(sites, options)
{
    public override string Name => "sp_exp";

    public override string Words => "spatial exponential: the correlation is exp(−distance/range)";

    public override ResidualStructure Over(ResidualSites sites) => new SpatialExponential(sites, Options);

    protected override Jet Decay(Jet h) => (-h).Exp();
}
