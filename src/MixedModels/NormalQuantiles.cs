using MixedModels.Diagnostics;
using MixedModels.Numerics;

namespace MixedModels;

/// <summary>Values in order beside the normal quantiles they are expected at, with a band that holds as a whole. Immutable.</summary>
/// <remarks>
/// Expected: Φ⁻¹((i − 3/8)/(n + 1/4)) (Blom 1958). Band: mean + SD·Φ⁻¹ of the quantiles of Beta(i, n + 1 − i), the distribution of the
/// i-th of n uniform numbers, at the local level at which a normal sample leaves it anywhere with 5 % probability, its mean and SD being
/// estimated. Source: Aldor-Noiman, Brown, Buja, Rolke and Stine 2013, The American Statistician 67, 249–260.
/// </remarks>
public sealed class NormalQuantiles
{
    /// <summary>A band is computed at so many places at most; the rest is interpolated by whoever draws it.</summary>
    private const int MostBandPoints = 101;

    private readonly Lazy<bool> isOutside;
    private readonly Lazy<IReadOnlyList<(double Expected, double Lower, double Upper)>> band;

    private NormalQuantiles(double[] sorted, int[] order)
    {
        (Values, Order) = (sorted, order);
        var n = sorted.Length;
        Mean = sorted.Average();
        StandardDeviation = Math.Sqrt(sorted.Sum(value => (value - Mean) * (value - Mean)) / (n - 1));
        Expected = [.. Enumerable.Range(1, n).Select(i => NormalDistribution.Quantile((i - 0.375) / (n + 0.25)))];
        band = new(() => [.. BandPlaces(n).Select(BandAt)]);
        isOutside = new(Outside);
    }

    /// <summary>The values in ascending order.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Where each of them stood before.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>The standard normal quantiles they are expected at.</summary>
    public IReadOnlyList<double> Expected { get; }

    /// <summary>Their mean.</summary>
    public double Mean { get; }

    /// <summary>Their standard deviation.</summary>
    public double StandardDeviation { get; }

    /// <summary>Places of the band, ascending: the normal quantile and the two ends there.</summary>
    public IReadOnlyList<(double Expected, double Lower, double Upper)> Band => band.Value;

    /// <summary>Whether a value leaves the band; under normality it happens to 5 % of samples.</summary>
    public bool IsOutside => isOutside.Value;

    /// <summary>The quantiles of some values. O(n log n).</summary>
    /// <param name="values">At least 3 finite values that are not all equal.</param>
    /// <exception cref="ArgumentException">There are fewer, one is not finite, or all are equal.</exception>
    public static NormalQuantiles Of(ReadOnlySpan<double> values)
    {
        if (values.Length < 3) throw new ArgumentException($"A quantile plot needs at least 3 values; there are {values.Length}.", nameof(values));
        foreach (var value in values)
        {
            if (!double.IsFinite(value)) throw new ArgumentException("Every value must be finite.", nameof(values));
        }

        var sorted = values.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        if (sorted[0] == sorted[^1]) throw new ArgumentException("All values are equal.", nameof(values));
        return new(sorted, order);
    }

    /// <summary>The z with P(|Z| ≤ z) = level of the standard normal.</summary>
    /// <param name="level">Between 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static double TwoSided(double level) => level is > 0 and < 1
        ? NormalDistribution.Quantile(0.5 + (0.5 * level))
        : throw new ArgumentOutOfRangeException(nameof(level), level, "A level lies between 0 and 1, such as 0.95.");

    private static IEnumerable<int> BandPlaces(int n)
    {
        var count = Math.Min(n, MostBandPoints);

        // Half of the places at equal steps would leave the tails bare: steps are equal on the normal scale.
        var last = 0;
        var end = NormalDistribution.Quantile((n - 0.375) / (n + 0.25));
        for (var k = 0; k < count; k++)
        {
            var z = end * ((2.0 * k / (count - 1)) - 1);
            var place = Math.Clamp((int)Math.Round((NormalDistribution.Lower(z) * (n + 0.25)) + 0.375), 1, n);
            if (place > last) yield return place;
            last = Math.Max(last, place);
        }
    }

    private (double Expected, double Lower, double Upper) BandAt(int place)
    {
        var n = Values.Count;
        var tail = NormalBand.LocalLevel(n) / 2;
        return (
            Expected[place - 1],
            Mean + (StandardDeviation * NormalDistribution.Quantile(NormalBand.OrderQuantile(tail, place, n))),
            Mean - (StandardDeviation * NormalDistribution.Quantile(NormalBand.OrderQuantile(tail, n + 1 - place, n))));
    }

    private bool Outside()
    {
        var tail = NormalBand.LocalLevel(Values.Count) / 2;
        for (var i = 1; i <= Values.Count; i++)
        {
            if (NormalBand.LeastTail((Values[i - 1] - Mean) / StandardDeviation, i, Values.Count) < tail) return true;
        }

        return false;
    }
}
