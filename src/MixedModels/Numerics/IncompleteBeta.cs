namespace MixedModels.Numerics;

/// <summary>The regularised incomplete beta function I_x(a, b), with relative accuracy in the tail.</summary>
/// <remarks>Source: DiDonato and Morris 1992, Algorithm 708, ACM Trans. Math. Softw. 18, eq. 9 (continued fraction, here by Lentz's method); DLMF 8.17.4 (symmetry).</remarks>
internal static class IncompleteBeta
{
    /// <summary>A partial denominator of zero is moved by less than any result can feel.</summary>
    private const double Tiny = 1e-300;

    /// <summary>The fraction has converged when a step changes it by no more than rounding.</summary>
    private const double Rounding = 1e-16;

    /// <summary>I_x(a, b).</summary>
    /// <param name="x">In [0, 1].</param>
    /// <param name="complement">1 − x, given apart because it has digits of its own.</param>
    /// <param name="a">Positive.</param>
    /// <param name="b">Positive.</param>
    public static double Regularized(double x, double complement, double a, double b)
    {
        if (double.IsNaN(x + complement + a + b)) return double.NaN;
        if (x <= 0) return 0;
        if (complement <= 0) return 1;

        // The fraction converges fast on this side of the mean.
        return x < (a + 1) / (a + b + 2)
            ? Density(x, complement, a, b) / Fraction(x, complement, a, b)
            : 1 - (Density(complement, x, b, a) / Fraction(complement, x, b, a));
    }

    /// <summary>x^a y^b / B(a, b).</summary>
    private static double Density(double x, double y, double a, double b)
    {
        var n = a + b;
        var exponent = StirlingError.Of(n) - StirlingError.Of(a) - StirlingError.Of(b)
            - StirlingError.Deviance(a, n * x) - StirlingError.Deviance(b, n * y);
        return Math.Sqrt(a / n * b / (2 * Math.PI)) * Math.Exp(exponent);
    }

    /// <summary>
    /// The even part of the continued fraction, in which a − (a + b)x is taken as a y − b x: it keeps its digits where a is huge and x near 1.
    /// </summary>
    private static double Fraction(double x, double y, double a, double b)
    {
        var mostSteps = 200 + (20 * Math.Sqrt(Math.Max(a, b)));
        var value = NotZero(a * ((a * y) - (b * x) + 1) / (a + 1));
        var (c, d) = (value, 0.0);
        for (var n = 1.0; n < mostSteps; n++)
        {
            var middle = a + (2 * n) - 1;
            var alpha = (a + n - 1) / middle * ((a + b + n - 1) / middle) * n * (b - n) * x * x;
            var beta = n + (n * (b - n) * x / middle) + ((a + n) / (middle + 2) * ((a * y) - (b * x) + 1 + (n * (1 + y))));
            d = 1 / NotZero(beta + (alpha * d));
            c = NotZero(beta + (alpha / c));
            value *= c * d;
            if (Math.Abs((c * d) - 1) <= Rounding) break;
        }

        return value;
    }

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
}
