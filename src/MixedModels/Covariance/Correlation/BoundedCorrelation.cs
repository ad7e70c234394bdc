using System.Runtime.InteropServices;
using MixedModels.Numerics;

namespace MixedModels.Covariance.Correlation;

/// <summary>
/// A number between two bounds as a smooth function of a free parameter, rho = middle + half·sin(phi): the bounds are reached, at finite phi, and
/// an optimum there is an ordinary minimum in phi.
/// </summary>
/// <param name="Lower">The lower bound.</param>
/// <param name="Upper">The upper bound.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BoundedCorrelation(double Lower, double Upper)
{
    /// <summary>cos(phi) below this is rounding: the value is at its bound to the square of it.</summary>
    private const double AtBound = 1e-5;

    /// <summary>The cosine of the double nearest to π/2 is of this order, and not 0.</summary>
    private const double Rounding = 1e-12;

    private double Half => 0.5 * (Upper - Lower);

    /// <summary>rho.</summary>
    public double Value(double phi) => Math.Clamp((0.5 * (Upper + Lower)) + (Half * Math.Sin(phi)), Lower, Upper);

    /// <summary>drho/dphi.</summary>
    public double First(double phi) => Math.Abs(Math.Cos(phi)) < Rounding ? 0 : Half * Math.Cos(phi);

    /// <summary>d²rho/dphi².</summary>
    public double Second(double phi) => -Half * Math.Sin(phi);

    /// <summary>rho with its derivatives in phi.</summary>
    public Jet Jet(double phi) => Numerics.Jet.Of(Value(phi), [First(phi)], [Second(phi)]);

    /// <summary>The canonical phi of a value; of one outside, that of the bound.</summary>
    public double Inverse(double rho) => Math.Asin(Math.Clamp((rho - (0.5 * (Upper + Lower))) / Half, -1, 1));

    /// <summary>The phi between −π/2 and π/2 with the same value, at the bound where it is one but for rounding.</summary>
    public static double Canonical(double phi)
    {
        if (Math.Abs(Math.Cos(phi)) < AtBound) return Math.CopySign(0.5 * Math.PI, Math.Sin(phi));
        return Math.Abs(phi) <= 0.5 * Math.PI ? phi : Math.Asin(Math.Sin(phi));
    }
}
