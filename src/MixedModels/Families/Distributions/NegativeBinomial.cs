using MixedModels.Numerics;

namespace MixedModels.Families.Distributions;

/// <summary>What the two negative binomial families share.</summary>
internal static class NegativeBinomial
{
    /// <summary>Up to this count differences of gamma functions are sums of y terms, exact however large the size.</summary>
    private const double MostTerms = 60;

    /// <summary>log Γ(y + s) − log Γ(s) − log y!.</summary>
    public static double LogCoefficient(double y, double s)
    {
        if (y > MostTerms && s < 1e5) return GammaFunctions.Log(y + s) - GammaFunctions.Log(s) - GammaFunctions.Log(y + 1);
        var sum = -GammaFunctions.Log(y + 1);
        for (var j = 0.0; j < y; j++) sum += Math.Log(s + j);
        return sum;
    }

    /// <summary>psi(y + s) − psi(s) and its derivatives in s.</summary>
    public static Taylor DigammaRise(double y, double s)
    {
        if (y > MostTerms && s < 1e5)
        {
            var x = y + s;
            return new(
                GammaFunctions.Digamma(x) - GammaFunctions.Digamma(s),
                GammaFunctions.Trigamma(x) - GammaFunctions.Trigamma(s),
                GammaFunctions.Tetragamma(x) - GammaFunctions.Tetragamma(s),
                0);
        }

        var (first, second, third) = (0.0, 0.0, 0.0);
        for (var j = 0.0; j < y; j++)
        {
            var r = 1 / (s + j);
            first += r;
            second -= r * r;
            third += 2 * r * r * r;
        }

        return new(first, second, third, 0);
    }

    /// <summary>log(1 + f), exact for small f.</summary>
    public static Taylor LogOnePlus(Taylor f)
    {
        var r = 1 / (1 + f.Value);
        return f.Through(LogOnePlus(f.Value), r, -r * r, 2 * r * r * r);
    }

    /// <summary>log(1 + x) with digits near 0 (Kahan).</summary>
    public static double LogOnePlus(double x)
    {
        var u = 1 + x;
        if (u == 1) return x;
        return double.IsInfinity(u) ? Math.Log(x) : Math.Log(u) * (x / (u - 1));
    }

    /// <summary>P(Y &lt; y) and P(Y ≤ y) of a negative binomial of size s and mean mu: I_{s/(s+mu)}(s, y + 1).</summary>
    public static (double Below, double UpTo) Cumulative(double y, double s, double mu)
    {
        var (p, q) = (s / (s + mu), mu / (s + mu));
        return (y < 1 ? 0 : IncompleteBeta.Regularized(p, q, s, y), IncompleteBeta.Regularized(p, q, s, y + 1));
    }
}
