using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary><c>car1</c>: the correlation is phi to the power of the time between, 0 &lt; phi &lt; 1; times may be any numbers.</summary>
internal sealed class ContinuousAutoregressive(ResidualSites sites, ResidualOptions options) : Spatial(sites, options)
{
    public override string Name => "car1";

    public override string Words => "continuous autoregressive: the correlation is phi to the power of the time between";

    public override ResidualStructure Over(ResidualSites sites) => new ContinuousAutoregressive(sites, Options);

    protected override Jet Decay(Jet h) => (-h).Exp();

    public override (double Lower, double Upper) Bounds(int k) => (0, 1);

    protected override (string Name, Jet Value) Range(Jet range) => ("phi", (-1 / range).Exp());
}
