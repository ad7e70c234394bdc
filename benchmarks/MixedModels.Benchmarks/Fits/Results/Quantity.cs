using static System.FormattableString;

namespace MixedModels.Benchmarks.Fits.Results;

/// <summary>Numbers with three digits and the unit that suits them; a dash where there is none.</summary>
internal static class Quantity
{
    private const string None = "–";

    public static string Seconds(double? seconds) => seconds switch
    {
        null => None,
        < 1e-3 => Invariant($"{Digits(seconds.Value * 1e6)} µs"),
        < 1 => Invariant($"{Digits(seconds.Value * 1e3)} ms"),
        _ => Invariant($"{Digits(seconds.Value)} s"),
    };

    public static string Ratio(double? ratio) => ratio is null ? None : Invariant($"{Digits(ratio.Value)}×");

    public static string Megabytes(long? bytes) => bytes is null or 0 ? None : Invariant($"{bytes / 1e6:F0} MB");

    public static string Count(int? count) => count is null ? None : Invariant($"{count:N0}");

    /// <summary>A difference of criteria with its sign: what matters is its order of magnitude.</summary>
    public static string Difference(double? difference) => difference is null ? None : Invariant($"{difference:+0.0e+0;-0.0e+0;0}");

    private static string Digits(double value) => value switch
    {
        >= 100 => Invariant($"{value:F0}"),
        >= 10 => Invariant($"{value:F1}"),
        _ => Invariant($"{value:F2}"),
    };
}
