using MixedModels.Numerics;

namespace MixedModels.Covariance.Variance;

/// <summary><c>ident(f)</c>: a standard deviation a stratum; the parameter is the logarithm of its ratio to the first.</summary>
internal sealed class IdentFunction : VarianceFunction
{
    public override string Name => "ident";

    public override IReadOnlyList<string> ParameterNames => ["ident"];

    public override IReadOnlyList<double> Start => [0];

    public override Jet LogScale(Jet[] free, double v) => free[0];

    public override Jet Natural(int parameter, Jet free) => free.Exp();

    public override double Free(int parameter, double natural) => Math.Log(natural);

    public override double Reference(ReadOnlySpan<double> values) => 0;
}
