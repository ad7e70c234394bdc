using MixedModels.Execution;
using MixedModels.Numerics;

namespace MixedModels.Families.Distributions;

/// <summary>What families of counts share: which numbers are counts, their deviance, and random ones, the same from the same stream on every machine.</summary>
internal static class Counts
{
    /// <summary>Counts above this are rounded gamma variates: their steps are below what a double's 53 bits hold of a uniform.</summary>
    private const double LargestCount = 1e12;

    /// <summary>What is wrong with a count; null where nothing is.</summary>
    public static string? Objection(double y)
    {
        if (y < 0) return "counts cannot be negative";
        return y == Math.Floor(y) ? null : "counts are whole numbers";
    }

    /// <summary>x log(x/m) + m − x, m where x is 0.</summary>
    public static double Deviance(double x, double m) => x > 0 ? StirlingError.Deviance(x, m) : m;

    /// <summary>A Poisson variate: inversion, going outwards from the mode, so O(√mu).</summary>
    public static double Poisson(RandomStream random, double mu)
    {
        if (!(mu > 0)) return 0;
        if (mu > LargestCount) return Math.Round(mu + (Math.Sqrt(mu) * random.NextNormal()));
        var mode = Math.Floor(mu);
        var density = Math.Exp(((mode * Math.Log(mu)) - mu) - GammaFunctions.Log(mode + 1));
        return FromMode(random, mode, double.PositiveInfinity, density, k => mu / (k + 1), k => k / mu);
    }

    /// <summary>A binomial variate, in the same way.</summary>
    public static double Binomial(RandomStream random, double trials, double p)
    {
        if (trials == 1) return random.NextUniform() < p ? 1 : 0;
        if (!(p > 0)) return 0;
        if (p >= 1) return trials;
        var odds = p / (1 - p);
        var mode = Math.Min(trials, Math.Floor((trials + 1) * p));
        var density = Math.Exp(
            GammaFunctions.Log(trials + 1) - GammaFunctions.Log(mode + 1) - GammaFunctions.Log(trials - mode + 1)
            + (mode * Math.Log(p)) + ((trials - mode) * NegativeBinomial.LogOnePlus(-p)));
        return FromMode(random, mode, trials, density, k => (trials - k) / (k + 1) * odds, k => k / ((trials - k + 1) * odds));
    }

    /// <summary>A gamma variate of unit rate. Source: Marsaglia and Tsang 2000, ACM Trans. Math. Softw. 26, 363–372.</summary>
    public static double Gamma(RandomStream random, double shape)
    {
        if (shape < 1) return Gamma(random, shape + 1) * Math.Pow(1 - random.NextUniform(), 1 / shape);
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = random.NextNormal();
            var v = 1 + (c * x);
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - random.NextUniform()) < (0.5 * x * x) + (d * (1 - v + Math.Log(v)))) return d * v;
        }
    }

    /// <summary>Takes the probabilities mode, mode + 1, mode − 1, mode + 2, … off a uniform number until it is used up.</summary>
    private static double FromMode(RandomStream random, double mode, double most, double density, Func<double, double> up, Func<double, double> down)
    {
        var left = random.NextUniform() - density;
        if (left < 0) return mode;
        var (high, low) = (mode, mode);
        var (above, below) = (density, density);
        while (high < most || low > 0)
        {
            if (high < most)
            {
                above *= up(high++);
                left -= above;
                if (left < 0) return high;
            }

            if (low > 0)
            {
                below *= down(low--);
                left -= below;
                if (left < 0) return low;
            }

            // What is left is rounding of the sum.
            if (above + below == 0) break;
        }

        return mode;
    }
}
