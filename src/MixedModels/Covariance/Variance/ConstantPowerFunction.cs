using MixedModels.Numerics;

namespace MixedModels.Covariance.Variance;

/// <summary><c>constpower(v)</c>: s = c + |v|^t with c positive; the free parameters are log c and t.</summary>
internal sealed class ConstantPowerFunction : VarianceFunction
{
    public override string Name => "constpower";

    public override IReadOnlyList<string> ParameterNames => ["const", "power"];

    public override IReadOnlyList<double> Start => [0, 0.1];

    // At v = 0 the power is 0 for t > 0; no derivative along t is left of it.
    public override Jet LogScale(Jet[] free, double v) =>
        v == 0 ? (free[1].Value > 0 ? free[0] : double.PositiveInfinity) : (free[0].Exp() + (free[1] * Math.Log(Math.Abs(v))).Exp()).Log();

    public override Jet Natural(int parameter, Jet free) => parameter == 0 ? free.Exp() : free;

    public override double Free(int parameter, double natural) => parameter == 0 ? Math.Log(natural) : natural;
}
