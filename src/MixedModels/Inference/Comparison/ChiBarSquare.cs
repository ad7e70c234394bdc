using MixedModels.Numerics;

namespace MixedModels.Inference.Comparison;

/// <summary>The distribution of a likelihood ratio when one variance is on its boundary: chi-squares mixed half and half.</summary>
/// <remarks>
/// Leaving one random effect out of a term takes away a variance, which cannot be negative, and its covariances, which can have either
/// sign and vanish with it: the alternatives are half of a space. Source: Stram and Lee 1994, Biometrics 50, 1171–1177, cases 1 to 3;
/// Self and Liang 1987, JASA 82, 605–610, cases 5 and 6.
/// </remarks>
internal static class ChiBarSquare
{
    /// <summary>P(½χ²_{df−1} + ½χ²_df ≥ x), χ²_0 being 0.</summary>
    public static double HalfAndHalf(double x, int df)
    {
        if (x <= 0) return 1;
        var below = df > 1 ? TailProbability.ChiSquared(x, df - 1) : 0;
        return 0.5 * (below + TailProbability.ChiSquared(x, df));
    }
}
