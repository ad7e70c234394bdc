using MixedModels.Numerics;

namespace MixedModels.Diagnostics;

/// <summary>The distribution of the order statistics of a normal sample, and the level at which a band of them holds together.</summary>
internal static class NormalBand
{
    /// <summary>Sample sizes and their local levels (two-sided), by simulation (the last digit is uncertain): validation/diagnostics/normal-quantile-band.R.</summary>
    private static readonly (double Size, double Level)[] levels =
    [
        (5, 0.2520), (10, 0.1446), (20, 0.0807), (50, 0.0416), (100, 0.0266), (200, 0.0169), (500, 0.0104), (1000, 0.0073), (2000, 0.0049),
    ];

    /// <summary>The local level of a size, interpolated in its logarithm.</summary>
    public static double LocalLevel(int n)
    {
        if (n <= levels[0].Size) return levels[0].Level;
        for (var k = 1; k < levels.Length; k++)
        {
            if (n > levels[k].Size) continue;
            var share = Math.Log(n / levels[k - 1].Size) / Math.Log(levels[k].Size / levels[k - 1].Size);
            return levels[k - 1].Level + (share * (levels[k].Level - levels[k - 1].Level));
        }

        return levels[^1].Level;
    }

    /// <summary>The lesser tail probability of a standardised value as the i-th of n.</summary>
    public static double LeastTail(double z, int i, int n)
    {
        var (u, complement) = (NormalDistribution.Lower(z), NormalDistribution.Lower(-z));
        if (u <= 0 || complement <= 0) return 0;
        return Math.Min(IncompleteBeta.Regularized(u, complement, i, n + 1 - i), IncompleteBeta.Regularized(complement, u, n + 1 - i, i));
    }

    /// <summary>The u with P(U_(i) ≤ u) = tail for the i-th of n uniform numbers, by bisection on the normal scale.</summary>
    public static double OrderQuantile(double tail, int i, int n)
    {
        // No order statistic strays further from its expected place at any level in use.
        var centre = NormalDistribution.Quantile((i - 0.375) / (n + 0.25));
        var (lower, upper) = (centre - 10, centre + 10);

        // 50 halvings of a width of 20 leave a rounding error of z.
        for (var step = 0; step < 50; step++)
        {
            var middle = 0.5 * (lower + upper);
            var (u, complement) = (NormalDistribution.Lower(middle), NormalDistribution.Lower(-middle));
            var below = u <= 0 ? 0 : complement <= 0 ? 1 : IncompleteBeta.Regularized(u, complement, i, n + 1 - i);
            if (below < tail) lower = middle;
            else upper = middle;
        }

        return NormalDistribution.Lower(0.5 * (lower + upper));
    }
}
