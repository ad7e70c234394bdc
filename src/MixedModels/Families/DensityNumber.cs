using System.Runtime.InteropServices;
using MixedModels.Numerics;

namespace MixedModels.Families;

/// <summary>
/// A number of a log-density with its derivatives in the linear predictor and in one family parameter: what is computed with it by arithmetic
/// and the functions here has exact derivatives, so that a family of one's own is its log-density written once.
/// </summary>
/// <remarks>Forward differentiation: Griewank and Walther 2008, Evaluating Derivatives, chapter 13. Immutable.</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DensityNumber
{
    internal DensityNumber(Taylor own, Taylor slope) => (Own, Slope) = (own, slope);

    /// <summary>The number itself.</summary>
    public double Value => Own.Value;

    /// <summary>f and its derivatives in the predictor.</summary>
    internal Taylor Own { get; }

    /// <summary>The derivative of f in the parameter, with its own first two derivatives in the predictor; its third means nothing.</summary>
    internal Taylor Slope { get; }

    /// <summary>A constant.</summary>
    public static implicit operator DensityNumber(double value) => new(Taylor.Constant(value), default);

    /// <summary>A constant, for languages without conversions.</summary>
    public static DensityNumber FromDouble(double value) => value;

    /// <summary>The sum.</summary>
    public static DensityNumber operator +(DensityNumber a, DensityNumber b) => new(a.Own + b.Own, a.Slope + b.Slope);

    /// <summary>The difference.</summary>
    public static DensityNumber operator -(DensityNumber a, DensityNumber b) => new(a.Own - b.Own, a.Slope - b.Slope);

    /// <summary>The negative.</summary>
    public static DensityNumber operator -(DensityNumber a) => new(-a.Own, -a.Slope);

    /// <summary>The product.</summary>
    public static DensityNumber operator *(DensityNumber a, DensityNumber b) => new(a.Own * b.Own, (a.Slope * b.Own) + (a.Own * b.Slope));

    /// <summary>The quotient.</summary>
    public static DensityNumber operator /(DensityNumber a, DensityNumber b)
    {
        var r = 1 / b.Value;
        return a * b.Through(r, -r * r, 2 * r * r * r, -6 * r * r * r * r);
    }

    /// <summary>The sum, for languages without operators.</summary>
    public static DensityNumber Add(DensityNumber a, DensityNumber b) => a + b;

    /// <summary>The difference, for languages without operators.</summary>
    public static DensityNumber Subtract(DensityNumber a, DensityNumber b) => a - b;

    /// <summary>The negative, for languages without operators.</summary>
    public static DensityNumber Negate(DensityNumber a) => -a;

    /// <summary>The product, for languages without operators.</summary>
    public static DensityNumber Multiply(DensityNumber a, DensityNumber b) => a * b;

    /// <summary>The quotient, for languages without operators.</summary>
    public static DensityNumber Divide(DensityNumber a, DensityNumber b) => a / b;

    /// <summary>g of this number, for any smooth g given by its value and first three derivatives at <see cref="Value"/>.</summary>
    public DensityNumber Through(double g, double g1, double g2, double g3) => new(Own.Through(g, g1, g2, g3), Own.Through(g1, g2, g3, 0) * Slope);

    /// <summary>The natural logarithm.</summary>
    /// <remarks>Of a mean under a logarithmic link it is the predictor, to the last digit, as long as the mean does not overflow.</remarks>
    public static DensityNumber Log(DensityNumber x)
    {
        var r = 1 / x.Value;
        return new(x.Own.Log(), x.Own.Through(r, -r * r, 2 * r * r * r, 0) * x.Slope);
    }

    /// <summary>log(1 + x), exact for small x.</summary>
    public static DensityNumber LogOnePlus(DensityNumber x)
    {
        var r = 1 / (1 + x.Value);
        return x.Through(Distributions.NegativeBinomial.LogOnePlus(x.Value), r, -r * r, 2 * r * r * r);
    }

    /// <summary>The exponential.</summary>
    public static DensityNumber Exp(DensityNumber x)
    {
        var e = Math.Exp(x.Value);
        return x.Through(e, e, e, e);
    }

    /// <summary>The square root of a positive number.</summary>
    public static DensityNumber Sqrt(DensityNumber x) => Pow(x, 0.5);

    /// <summary>A power of a positive number.</summary>
    public static DensityNumber Pow(DensityNumber x, double power)
    {
        var value = Math.Pow(x.Value, power);
        var (first, second) = (power * value / x.Value, power * (power - 1) * value / (x.Value * x.Value));
        return x.Through(value, first, second, (power - 2) * second / x.Value);
    }

    /// <summary>log Γ of a positive number.</summary>
    public static DensityNumber LogGamma(DensityNumber x)
    {
        var v = x.Value;
        return x.Through(GammaFunctions.Log(v), GammaFunctions.Digamma(v), GammaFunctions.Trigamma(v), GammaFunctions.Tetragamma(v));
    }
}
