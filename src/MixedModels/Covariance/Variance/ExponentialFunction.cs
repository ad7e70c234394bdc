using MixedModels.Numerics;

namespace MixedModels.Covariance.Variance;

/// <summary><c>exp(v)</c>: s = e^(t·v). The free parameter is t times a typical size of v, so that a step of 1 is neither long nor short.</summary>
/// <param name="unit">That size, positive.</param>
internal sealed class ExponentialFunction(double unit) : VarianceFunction
{
    public override string Name => "exp";

    public override IReadOnlyList<string> ParameterNames => ["expon"];

    public override IReadOnlyList<double> Start => [0];

    public override Jet LogScale(Jet[] free, double v) => free[0] * (v / unit);

    public override Jet Natural(int parameter, Jet free) => free * (1 / unit);

    public override double Free(int parameter, double natural) => natural * unit;
}
