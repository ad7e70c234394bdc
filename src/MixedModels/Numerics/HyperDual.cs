using System.Runtime.InteropServices;

namespace MixedModels.Numerics;

/// <summary>
/// A number with its derivatives along two directions and its mixed second derivative: what is computed with it by +, − and × comes with exact
/// first and second derivatives.
/// </summary>
/// <param name="Value">f.</param>
/// <param name="First">df along the first direction.</param>
/// <param name="Second">df along the second direction.</param>
/// <param name="Mixed">d²f along both.</param>
/// <remarks>Source: Fike and Alonso 2011, "The development of hyper-dual numbers for exact second-derivative calculations", AIAA 2011-886.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct HyperDual(double Value, double First, double Second, double Mixed)
{
    /// <summary>A constant.</summary>
    public static implicit operator HyperDual(double value) => new(value, 0, 0, 0);

    public static HyperDual operator +(HyperDual a, HyperDual b) => new(a.Value + b.Value, a.First + b.First, a.Second + b.Second, a.Mixed + b.Mixed);

    public static HyperDual operator -(HyperDual a, HyperDual b) => new(a.Value - b.Value, a.First - b.First, a.Second - b.Second, a.Mixed - b.Mixed);

    public static HyperDual operator *(HyperDual a, HyperDual b) => new(
        a.Value * b.Value,
        (a.First * b.Value) + (a.Value * b.First),
        (a.Second * b.Value) + (a.Value * b.Second),
        (a.Mixed * b.Value) + (a.First * b.Second) + (a.Second * b.First) + (a.Value * b.Mixed));
}
