namespace MixedModels.Reporting.Plots;

/// <summary>Dots that would fall on each other moved apart, the same way every time.</summary>
internal static class Spread
{
    /// <summary>Steps of the golden ratio, round a circle, leave no two of any number of dots close.</summary>
    private const double Golden = 0.6180339887498949;

    /// <summary>Above this many values a covariate is not taken to repeat.</summary>
    private const int MostValues = 30;

    /// <summary>How far the i-th dot is moved, between −half and half.</summary>
    public static double Of(int i, double half) => half * ((2 * (((i + 0.5) * Golden) % 1)) - 1);

    /// <summary>The smallest distance between neighbouring values where a few values repeat in many rows; 0 where they do not.</summary>
    public static double Gap(ReadOnlySpan<double> x)
    {
        double[] values = [.. x.ToArray().Distinct().Order()];
        return values.Length is < 2 or > MostValues || x.Length < 3 * values.Length ? 0 : values.Zip(values.Skip(1), (lower, upper) => upper - lower).Min();
    }
}
