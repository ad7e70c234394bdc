using MixedModels.Numerics;

namespace MixedModels.Covariance.Variance;

/// <summary>
/// How a row's residual standard deviation depends on a covariate v: log s(v) in its own parameters. A function is a file. Immutable.
/// </summary>
/// <remarks>Source: Pinheiro and Bates 2000, Mixed-Effects Models in S and S-PLUS, section 5.2.1.</remarks>
internal abstract class VarianceFunction
{
    /// <summary>The function's name in the formula language.</summary>
    public abstract string Name { get; }

    /// <summary>The names of its parameters, in one stratum.</summary>
    public abstract IReadOnlyList<string> ParameterNames { get; }

    /// <summary>Where a search starts, a value a free parameter.</summary>
    public abstract IReadOnlyList<double> Start { get; }

    /// <summary>log s(v) in the free parameters.</summary>
    public abstract Jet LogScale(Jet[] free, double v);

    /// <summary>A parameter on its natural scale, from its free one.</summary>
    public abstract Jet Natural(int parameter, Jet free);

    /// <summary>The free value of a parameter that is held at a natural one.</summary>
    public abstract double Free(int parameter, double natural);

    /// <summary>A value in the middle of those there are, at which s is taken as 1 inside.</summary>
    public virtual double Reference(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted, (a, b) => Math.Abs(a).CompareTo(Math.Abs(b)));
        return sorted[sorted.Length / 2];
    }
}
