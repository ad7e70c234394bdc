using System.Globalization;
using System.Numerics;

namespace MixedModels.Inference.Means;

/// <summary>Orthogonal polynomials over k equally spaced levels, scaled to the smallest whole numbers, as in the tables.</summary>
/// <remarks>Source: Fisher and Yates 1938, Statistical Tables, table XXIII; the recurrence of Chebyshev's discrete polynomials, DLMF 18.22.2.</remarks>
internal static class PolynomialContrasts
{
    private const int HighestDegree = 6;

    private static readonly string[] names = ["linear", "quadratic", "cubic", "quartic"];

    /// <summary>The contrasts up to the sixth degree.</summary>
    /// <param name="count">The number of levels.</param>
    public static IEnumerable<WeightedContrast> Of(int count)
    {
        // (n + 1) t_{n+1} = (2n + 1)(2x − k + 1) t_n − n (k² − n²) t_{n−1}, exact in whole numbers.
        var (before, current) = (new BigInteger[count], Enumerable.Repeat(BigInteger.One, count).ToArray());
        for (var n = 0; n < Math.Min(count - 1, HighestDegree); n++)
        {
            var next = new BigInteger[count];
            for (var x = 0; x < count; x++)
            {
                var scaled = (((2 * n) + 1) * ((2 * x) - count + 1) * current[x]) - (n * (((BigInteger)count * count) - (n * n)) * before[x]);
                next[x] = scaled / (n + 1);
            }

            (before, current) = (current, next);
            var divisor = next.Aggregate(BigInteger.Zero, BigInteger.GreatestCommonDivisor);
            yield return new(
                n < names.Length ? names[n] : "degree " + (n + 1).ToString(CultureInfo.InvariantCulture),
                [.. next.Select(value => (double)(value / divisor))]);
        }
    }
}
