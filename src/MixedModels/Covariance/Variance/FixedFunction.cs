using MixedModels.Numerics;

namespace MixedModels.Covariance.Variance;

/// <summary><c>fixed(v)</c>: s = √v, no parameter.</summary>
internal sealed class FixedFunction : VarianceFunction
{
    public override string Name => "fixed";

    public override IReadOnlyList<string> ParameterNames => [];

    public override IReadOnlyList<double> Start => [];

    public override Jet LogScale(Jet[] free, double v) => 0.5 * Math.Log(v);

    public override Jet Natural(int parameter, Jet free) => free;

    public override double Free(int parameter, double natural) => natural;
}
