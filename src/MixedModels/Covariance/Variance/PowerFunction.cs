using MixedModels.Numerics;

namespace MixedModels.Covariance.Variance;

/// <summary><c>power(v)</c>: s = |v|^t.</summary>
internal sealed class PowerFunction : VarianceFunction
{
    public override string Name => "power";

    public override IReadOnlyList<string> ParameterNames => ["power"];

    public override IReadOnlyList<double> Start => [0];

    public override Jet LogScale(Jet[] free, double v) => free[0] * Math.Log(Math.Abs(v));

    public override Jet Natural(int parameter, Jet free) => free;

    public override double Free(int parameter, double natural) => natural;
}
