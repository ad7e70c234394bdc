using MixedModels.Numerics;

namespace MixedModels.Covariance.Residual;

/// <summary><c>car1</c>: the correlation is phi to the power of the time between, 0 &lt; phi &lt; 1; times may be any numbers.</summary>
internal sealed class ContinuousAutoregressive(ResidualSites sites, ResidualOptions options) : Spatial(sites, options), IMarkovStructure
{
    public override string Name => "car1";

    public override string Words => "continuous autoregressive: the correlation is phi to the power of the time between";

    public bool IsMarkov => !Options.HasNugget;

    public (double, double) StepClass(int from, int to) => (from < 0 ? -1 : Sites.Distance(from, to), 0);

    public Jet[] Prepare(Jet[] phi) => [InverseRange(phi)];

    // Of a thousand rows no two may be as far apart: a step is two compositions with 1/r, not a dozen operations.
    public (Jet Coefficient, Jet Variance) Step(Jet[] prepared, int from, int to)
    {
        if (from < 0) return (0, 1);
        var (inverse, d) = (prepared[0], Sites.Distance(from, to));
        var a = Math.Exp(-d * inverse.Value);

        // 1 − e^−2h = 2 e^−h sinh h does not cancel at short distances.
        return (inverse.Apply(a, -d * a, d * d * a), inverse.Apply(2 * a * Math.Sinh(d * inverse.Value), 2 * d * a * a, -4 * d * d * a * a));
    }

    public override ResidualStructure Over(ResidualSites sites) => new ContinuousAutoregressive(sites, Options);

    protected override Jet Decay(Jet h) => (-h).Exp();

    public override (double Lower, double Upper) Bounds(int k) => (0, 1);

    protected override (string Name, Jet Value) Range(Jet range) => ("phi", (-1 / range).Exp());
}
