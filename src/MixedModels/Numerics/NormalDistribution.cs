namespace MixedModels.Numerics;

/// <summary>The standard normal distribution, fast and with relative accuracy in the lower tail.</summary>
internal static class NormalDistribution
{
    private const double RootHalf = 0.70710678118654752440;
    private const double RootTwoPi = 2.50662827463100050242;
    private const double InverseRootPi = 0.56418958354775628695;

    // Below this |x| erf is computed, above it erfc; then erfc of large x. The bounds are those of Cody's three approximations.
    private const double Central = 0.46875;
    private const double Far = 4;

    private static readonly double[] centralTop =
        [1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3];

    private static readonly double[] centralBottom = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];

    private static readonly double[] middleTop =
    [
        2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1, 2.98635138197400131e2,
        8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
    ];

    private static readonly double[] middleBottom =
    [
        1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
        3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
    ];

    private static readonly double[] farTop =
        [1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4];

    private static readonly double[] farBottom =
        [1, 2.56852019228982242e0, 1.87295284992346725e0, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3];

    /// <summary>The density at z.</summary>
    public static double Density(double z) => Math.Exp(-0.5 * z * z) / RootTwoPi;

    /// <summary>P(Z ≤ z).</summary>
    public static double Lower(double z) => 0.5 * ComplementaryError(-z * RootHalf);

    /// <summary>The z with P(Z ≤ z) = p, for p in (0, 1); ±infinity at the ends.</summary>
    /// <remarks>Start: Abramowitz and Stegun 1964, 26.2.23, good to 4.5e-4; two steps of Halley's method, each of which triples the digits.</remarks>
    public static double Quantile(double p)
    {
        if (!(p > 0)) return p == 0 ? double.NegativeInfinity : double.NaN;
        if (p >= 1) return p == 1 ? double.PositiveInfinity : double.NaN;
        if (p > 0.5) return -Quantile(1 - p);
        var t = Math.Sqrt(-2 * Math.Log(p));
        var z = -(t - ((2.515517 + (t * (0.802853 + (t * 0.010328)))) / (1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308))))))));
        for (var step = 0; step < 2; step++)
        {
            var density = Density(z);
            if (density == 0) break;
            var newton = (Lower(z) - p) / density;
            z -= newton / (1 + (0.5 * z * newton));
        }

        return z;
    }

    /// <summary>erfc(x) = 1 − erf(x).</summary>
    /// <remarks>Source: Cody 1969, Rational Chebyshev approximations for the error function, Mathematics of Computation 23, 631–637.</remarks>
    public static double ComplementaryError(double x)
    {
        var y = Math.Abs(x);
        if (double.IsNaN(y)) return double.NaN;
        if (y <= Central) return 1 - (x * Ratio(centralTop, centralBottom, x * x));
        double value;
        if (y <= Far)
        {
            value = ExponentialOfSquare(y) * Ratio(middleTop, middleBottom, y);
        }
        else
        {
            var inverse = 1 / (y * y);
            value = ExponentialOfSquare(y) * (InverseRootPi - (inverse * Ratio(farTop, farBottom, inverse))) / y;
        }

        return x < 0 ? 2 - value : value;
    }

    /// <summary>exp(−y²) with y split, so that the rounding of y² is not multiplied by its size.</summary>
    private static double ExponentialOfSquare(double y)
    {
        if (y > 38) return Math.Exp(-y * y);
        var rounded = Math.Truncate(y * 16) / 16;
        return Math.Exp(-rounded * rounded) * Math.Exp(-(y - rounded) * (y + rounded));
    }

    private static double Ratio(double[] top, double[] bottom, double x)
    {
        var (a, b) = (top[0], bottom[0]);
        for (var i = 1; i < top.Length; i++) a = (a * x) + top[i];
        for (var i = 1; i < bottom.Length; i++) b = (b * x) + bottom[i];
        return a / b;
    }
}
