namespace MixedModels.Numerics;

/// <summary>The logarithm of the gamma function and its derivatives, for positive arguments.</summary>
/// <remarks>Source: Abramowitz and Stegun 6.1.41, 6.3.18, 6.4.11 (asymptotic series) after the recurrences 6.3.5 and 6.4.6 have made the argument large.</remarks>
internal static class GammaFunctions
{
    /// <summary>From here on the series below are exact to rounding: the first term left out is under 1e-17 of the sum.</summary>
    private const double Large = 15;

    private static readonly double halfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    /// <summary>log Γ(x).</summary>
    public static double Log(double x)
    {
        if (!(x > 0)) return x == 0 ? double.PositiveInfinity : double.NaN;

        // Γ(x) = Γ(x + k)/(x (x + 1) …): the product does not overflow, as it has at most 15 factors below 15.
        var product = 1.0;
        for (; x < Large; x++) product *= x;
        var s = 1 / (x * x);
        var series = ((1.0 / 12) - (s * ((1.0 / 360) - (s * ((1.0 / 1260) - (s * ((1.0 / 1680) - (s * ((1.0 / 1188) - (s * 691 / 360360)))))))))) / x;
        return ((x - 0.5) * Math.Log(x)) - x + halfLogTwoPi + series - Math.Log(product);
    }

    /// <summary>The digamma function, d log Γ(x)/dx.</summary>
    public static double Digamma(double x)
    {
        var sum = 0.0;
        for (; x < Large; x++) sum -= 1 / x;
        var s = 1 / (x * x);
        return sum + Math.Log(x) - (0.5 / x) - (s * ((1.0 / 12) - (s * ((1.0 / 120) - (s * ((1.0 / 252) - (s * ((1.0 / 240) - (s * ((1.0 / 132) - (s * 691 / 32760)))))))))));
    }

    /// <summary>The trigamma function, d² log Γ(x)/dx².</summary>
    public static double Trigamma(double x)
    {
        var sum = 0.0;
        for (; x < Large; x++) sum += 1 / (x * x);
        var s = 1 / (x * x);
        return sum + (1 / x) + (0.5 * s) + (s / x * ((1.0 / 6) - (s * ((1.0 / 30) - (s * ((1.0 / 42) - (s * ((1.0 / 30) - (s * ((5.0 / 66) - (s * 691 / 2730)))))))))));
    }

    /// <summary>The tetragamma function, d³ log Γ(x)/dx³.</summary>
    public static double Tetragamma(double x)
    {
        var sum = 0.0;
        for (; x < Large; x++) sum -= 2 / (x * x * x);
        var s = 1 / (x * x);
        return sum - s - (s / x) - (s * s * (0.5 - (s * ((1.0 / 6) - (s * ((1.0 / 6) - (s * ((3.0 / 10) - (s * ((5.0 / 6) - (s * 691 / 210)))))))))));
    }
}
