using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MixedModels.Numerics;

/// <summary>
/// Elementary functions of eight numbers at a time, good to a unit in the last place. Polynomials interpolate at Chebyshev's points, which were
/// computed with 60 digits. Where vectors are shorter, the runtime splits these.
/// </summary>
/// <remarks>In the place of the runtime's vector functions, which are calls and treat every special case: densities of rows take half the time.</remarks>
internal static class VectorFunctions
{
    private const double LogOfTwoHigh = 0.6931471803691238;
    private const double LogOfTwoLow = 1.9082149292705877e-10;
    private const double OneOverLogOfTwo = 1.4426950408889634;

    /// <summary>Added to a number below 2^51 in size, it leaves the nearest whole number in the last bits: 1.5·2^52.</summary>
    private const double Rounder = 6755399441055744;

    /// <summary>exp(x); 3e-308 below −708, infinity above 709.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Exp(Vector512<double> x)
    {
        var bounded = Vector512.Max(x, Vector512.Create(-708.0));
        var rounded = MultiplyAdd(bounded, Vector512.Create(OneOverLogOfTwo), Vector512.Create(Rounder));
        var k = rounded - Vector512.Create(Rounder);
        var r = MultiplyAdd(k, Vector512.Create(-LogOfTwoLow), MultiplyAdd(k, Vector512.Create(-LogOfTwoHigh), bounded));

        // exp(r) = 1 + r + r²Q(r), relative error 2e-17 for |r| ≤ ½ log 2.
        var r2 = r * r;
        var q0 = Line(r, 0.5, 0.16666666666666669);
        var q2 = Line(r, 0.041666666666624164, 0.008333333333330065);
        var q4 = Line(r, 0.0013888888917196719, 0.00019841269863040545);
        var q6 = Line(r, 2.4801521322368692e-05, 2.7557268480310024e-06);
        var q8 = Line(r, 2.7620075879983367e-07, 2.5100375832561234e-08);
        var r4 = r2 * r2;
        var Q = MultiplyAdd(r4, MultiplyAdd(r4, q8, MultiplyAdd(r2, q6, q4)), MultiplyAdd(r2, q2, q0));
        var power = MultiplyAdd(r2, Q, r) + Vector512<double>.One;

        // 2^k enters by way of the exponent's bits.
        var scaled = (power.AsInt64() + Vector512.ShiftLeft(rounded.AsInt64(), 52)).AsDouble();
        return Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(709.0)), Vector512.Create(double.PositiveInfinity), scaled);
    }

    /// <summary>log(1 + x) for x in [0, 1], with the digits of a small x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> LogOnePlus(Vector512<double> x)
    {
        // log(1 + x) = 2 artanh(s) = 2(s + s³P(s²)) with s = x/(2 + x) ≤ 1/3, relative error 5e-18.
        var s = x / (x + Vector512.Create(2.0));
        var t = s * s;
        var p0 = Line(t, 0.3333333333333333, 0.20000000000007292);
        var p2 = Line(t, 0.1428571428355438, 0.11111111358713932);
        var p4 = Line(t, 0.09090894718066429, 0.07692785032479312);
        var p6 = Line(t, 0.06657072104827468, 0.06000536404795356);
        var p8 = Line(t, 0.04400369243072337, 0.08082022805971766);
        var t2 = t * t;
        var t4 = t2 * t2;
        var P = MultiplyAdd(t4, MultiplyAdd(t4, p8, MultiplyAdd(t2, p6, p4)), MultiplyAdd(t2, p2, p0));
        var half = MultiplyAdd(s * t, P, s);
        return half + half;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Line(Vector512<double> x, double constant, double slope) =>
        MultiplyAdd(x, Vector512.Create(slope), Vector512.Create(constant));

    /// <summary>a·b + c, fused where that is one instruction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) =>
        Fma.IsSupported || AdvSimd.Arm64.IsSupported ? Vector512.FusedMultiplyAdd(a, b, c) : a * b + c;
}
