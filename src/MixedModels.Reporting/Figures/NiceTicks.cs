using System.Globalization;

namespace MixedModels.Reporting.Figures;

/// <summary>Round numbers over a range: steps of 1, 2 or 5 times a power of ten.</summary>
/// <remarks>Source: Heckbert 1990, Nice numbers for graph labels, Graphics Gems, page 61.</remarks>
internal static class NiceTicks
{
    /// <summary>At and beyond these sizes labels are in scientific notation.</summary>
    private const double Large = 1e6;
    private const double Small = 1e-4;

    /// <summary>Fewer ticks than these do not show a scale.</summary>
    private const int Fewest = 3;

    /// <summary>The ticks that lie in a range, about so many; of whole numbers none between them.</summary>
    public static IReadOnlyList<Tick> Of(double lower, double upper, int about = 5, bool isWhole = false)
    {
        var step = Step(upper - lower, about);
        while (Last(upper, step) - First(lower, step) + 1 < Math.Min(Fewest, about)) step = Finer(step);
        if (isWhole) step = Math.Max(1, step);
        var (first, last) = (First(lower, step), Last(upper, step));
        var values = new List<double>();
        for (var k = first; k <= last; k++) values.Add(k * step);
        var largest = values.Select(Math.Abs).DefaultIfEmpty(0).Max();
        var isScientific = largest >= Large || step < Small;
        var decimals = Math.Max(0, -(int)Math.Floor(Math.Log10(step) + 1e-9));
        return [.. values.Select(value => new Tick(value, Label(value, decimals, isScientific)))];
    }

    /// <summary>The step for a range with about so many ticks.</summary>
    public static double Step(double range, int about)
    {
        var rough = range / Math.Max(1, about);
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var share = rough / power;
        var nice = share switch
        {
            < 1.5 => 1,
            < 3 => 2,
            < 7 => 5,
            _ => 10,
        };
        return nice * power;
    }

    private static long First(double lower, double step) => (long)Math.Ceiling((lower / step) - 1e-9);

    private static long Last(double upper, double step) => (long)Math.Floor((upper / step) + 1e-9);

    /// <summary>The next smaller of the round steps: 5 to 2, 2 to 1, 1 to 0.5.</summary>
    private static double Finer(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step) + 1e-9));
        return (step / power) switch
        {
            > 4 => 2 * power,
            > 1.5 => power,
            _ => power / 2,
        };
    }

    private static string Label(double value, int decimals, bool isScientific)
    {
        if (value == 0) return "0";
        var text = isScientific
            ? value.ToString("0.###e+0", CultureInfo.InvariantCulture)
            : value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.Replace('-', '−');
    }
}
