namespace MixedModels.Numerics;

/// <summary>The parts from which densities of beta and gamma type are computed without the cancellation of large logarithms.</summary>
/// <remarks>Source: Loader 2000, Fast and Accurate Computation of Binomial Probabilities, sections 3 and 4.</remarks>
internal static class StirlingError
{
    /// <summary>From here on eight terms of the series are exact to rounding.</summary>
    private const double SeriesFrom = 16;

    /// <summary>Below this share of their sum, the difference of two numbers is worth a series.</summary>
    private const double NearShare = 0.1;

    // B_2k / (2k (2k − 1)), k = 1 … 8.
    private static readonly double[] coefficients =
        [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400];

    /// <summary>log Γ(x + 1) − log(√(2πx) (x/e)^x) for x &gt; 0.</summary>
    public static double Of(double x)
    {
        var sum = 0.0;

        // One step down the recurrence Γ(x + 2) = (x + 1)Γ(x + 1).
        for (; x < SeriesFrom; x++) sum += ((x + 0.5) * NearZero.LogOnePlus(1 / x)) - 1;
        var (square, power) = (1 / (x * x), 1 / x);
        foreach (var coefficient in coefficients)
        {
            sum += coefficient * power;
            power *= square;
        }

        return sum;
    }

    /// <summary>x log(x/m) + m − x for x &gt; 0 and m ≥ 0, exact where x is near m.</summary>
    public static double Deviance(double x, double m)
    {
        if (!(Math.Abs(x - m) < NearShare * (x + m))) return (x * Math.Log(x / m)) + m - x;
        var v = (x - m) / (x + m);
        var sum = (x - m) * v;
        var power = 2 * x * v;
        for (var j = 3; ; j += 2)
        {
            power *= v * v;
            var next = sum + (power / j);
            if (next == sum) return sum;
            sum = next;
        }
    }
}
