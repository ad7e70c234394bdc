namespace MixedModels.Numerics;

/// <summary>The regularised upper incomplete gamma function Q(a, x), with relative accuracy in the tail.</summary>
/// <remarks>Source: DLMF 8.11.4 (series) and 8.9.2 (continued fraction, by Lentz's method).</remarks>
internal static class IncompleteGamma
{
    private const double Tiny = 1e-300;

    /// <summary>The series and the fraction have converged when a step changes them by no more than rounding.</summary>
    private const double Rounding = 1e-16;

    /// <summary>Q(a, x) = Γ(a, x)/Γ(a).</summary>
    /// <param name="a">Positive.</param>
    /// <param name="x">Not negative.</param>
    public static double Upper(double a, double x)
    {
        if (double.IsNaN(a + x)) return double.NaN;
        if (x <= 0) return 1;
        if (double.IsPositiveInfinity(x)) return 0;
        var density = Math.Sqrt(a / (2 * Math.PI)) * Math.Exp(-StirlingError.Of(a) - StirlingError.Deviance(a, x));
        return x < a + 1 ? 1 - (density * Series(a, x)) : density * Fraction(a, x);
    }

    private static double MostSteps(double a) => 200 + (20 * Math.Sqrt(a));

    /// <summary>Σ x^k / (a (a + 1) … (a + k)).</summary>
    private static double Series(double a, double x)
    {
        var (term, sum) = (1 / a, 1 / a);
        for (var k = 1.0; k < MostSteps(a) && term > Rounding * sum; k++)
        {
            term *= x / (a + k);
            sum += term;
        }

        return sum;
    }

    private static double Fraction(double a, double x)
    {
        var b = x + 1 - a;
        var c = 1 / Tiny;
        var d = 1 / b;
        var value = d;
        for (var k = 1.0; k < MostSteps(a); k++)
        {
            var step = -k * (k - a);
            b += 2;
            d = 1 / NotZero((step * d) + b);
            c = NotZero(b + (step / c));
            value *= d * c;
            if (Math.Abs((d * c) - 1) <= Rounding) break;
        }

        return value;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
