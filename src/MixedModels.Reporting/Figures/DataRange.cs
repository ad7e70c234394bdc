using System.Runtime.InteropServices;

namespace MixedModels.Reporting.Figures;

/// <summary>The range that data span; empty until something finite is added.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct DataRange(double Lower, double Upper)
{
    /// <summary>The range of nothing.</summary>
    public static DataRange Empty => new(double.PositiveInfinity, double.NegativeInfinity) { IsWhole = true };

    /// <summary>Whether the lower end is a floor (such as 0 for bars) below which no room is wanted.</summary>
    public bool StartsAtLower { get; init; }

    /// <summary>Whether the data are whole numbers, such as counts or days, between which no tick is wanted.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The range of some values; those that are not finite do not count.</summary>
    public static DataRange Of(IEnumerable<double> values)
    {
        var range = Empty;
        foreach (var value in values) range = range.With(value);
        return range;
    }

    /// <summary>The range with one value more.</summary>
    public DataRange With(double value) =>
        double.IsFinite(value) ? this with { Lower = Math.Min(Lower, value), Upper = Math.Max(Upper, value), IsWhole = IsWhole && value == Math.Floor(value) } : this;

    /// <summary>The range that holds both.</summary>
    public DataRange With(DataRange other) => With(other.Lower).With(other.Upper) with { IsWhole = IsWhole && other.IsWhole };
}
