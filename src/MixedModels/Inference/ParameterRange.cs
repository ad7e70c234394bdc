using System.Runtime.InteropServices;
using MixedModels.Numerics;

namespace MixedModels.Inference;

/// <summary>What a parameter is between, and the scale without bounds that goes with it: the logarithm of a positive number, the logit of one between bounds.</summary>
/// <param name="Lower">The least value there is.</param>
/// <param name="Upper">The largest value there is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ParameterRange(double Lower, double Upper)
{
    /// <summary>Positive numbers.</summary>
    public static ParameterRange Positive => new(0, double.PositiveInfinity);

    /// <summary>Correlations.</summary>
    public static ParameterRange Correlation => new(-1, 1);

    /// <summary>All numbers.</summary>
    public static ParameterRange Any => new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>A value on the scale without bounds.</summary>
    public Jet Free(Jet value) => (double.IsFinite(Lower), double.IsFinite(Upper)) switch
    {
        (true, true) => (value - Lower).Log() - (Upper - value).Log(),
        (true, false) => (value - Lower).Log(),
        _ => value,
    };
}
