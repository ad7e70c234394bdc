namespace MixedModels.Numerics;

/// <summary>
/// Tails of a statistic that is divided by an independent estimate S of scale, where df·S² is chi-square: the mean of tail(c·S).
/// </summary>
/// <remarks>
/// With s = exp(u) the density of u decays twice exponentially to the right and exponentially to the left and is analytic in a strip, so
/// the trapezoidal rule converges exponentially. Source: Trefethen and Weideman 2014, The exponentially convergent trapezoidal rule,
/// SIAM Review 56, theorem 5.1. Every term is positive: small probabilities keep their digits.
/// </remarks>
internal static class ScaleMixture
{
    /// <summary>Terms below this share of the sum no longer change it.</summary>
    private const double Negligible = 1e-18;

    /// <summary>The strip of analyticity has half width π/4, at whose edge the integrand grows: exp(−2πy/step)(cos 2y)^(−df/2) is below 1e-13 for some y.</summary>
    private const double WidestStep = 0.1;

    /// <summary>A step of this many standard deviations of u has the same error for many degrees of freedom.</summary>
    private const double StepInDeviations = 0.5;

    /// <summary>Σ tail(c·s) over the distribution of S.</summary>
    /// <param name="tail">The tail where the scale is known: decreasing, in [0, 1].</param>
    /// <param name="c">Where, not negative.</param>
    /// <param name="df">Degrees of freedom of S; infinity for a known scale of 1.</param>
    public static double Mean(Func<double, double> tail, double c, double df)
    {
        if (double.IsPositiveInfinity(df)) return tail(c);
        if (!(df > 0)) return double.NaN;
        var step = Math.Min(WidestStep, StepInDeviations / Math.Sqrt(2 * df));

        // Density of u at 0, 2a^a e^−a / Γ(a) with a = df/2.
        var top = 2 * Math.Sqrt(df / (4 * Math.PI)) * Math.Exp(-StirlingError.Of(df / 2));
        var sum = 0.0;
        for (var j = 0; ; j--)
        {
            var density = Math.Exp(df * Exponent(j * step));

            // What lies further left is at most the density's own tail, about density/(df·step) terms.
            if (density == 0 || density < Negligible * sum * Math.Min(1, df * step)) break;
            sum += density * tail(c * Math.Exp(j * step));
        }

        for (var j = 1; ; j++)
        {
            var term = Math.Exp(df * Exponent(j * step)) * tail(c * Math.Exp(j * step));
            sum += term;
            if (!(term > Negligible * sum)) break;
        }

        return Math.Min(1, top * step * sum);
    }

    /// <summary>u − (e^2u − 1)/2, the logarithm of the density of u over df, without cancellation at small u.</summary>
    private static double Exponent(double u)
    {
        const double small = 0.1;
        if (Math.Abs(u) > small) return u - ((Math.Exp(2 * u) - 1) / 2);
        var (sum, power) = (0.0, u);
        for (var k = 2; k < 20; k++)
        {
            power *= 2 * u / k;
            sum -= power;
        }

        return sum;
    }
}
