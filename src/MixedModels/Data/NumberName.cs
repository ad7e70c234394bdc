using System.Globalization;

namespace MixedModels.Data;

/// <summary>The name a number has as a level of a factor, as R writes it.</summary>
internal static class NumberName
{
    /// <summary>
    /// The fewest of at most 15 significant digits that give the number, in fixed or scientific notation, whichever is
    /// narrower and fixed when equal: <c>0.2</c>, <c>1</c>, <c>1e+05</c>, <c>123456</c>, <c>Inf</c>.
    /// </summary>
    public static string Of(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "Inf" : "-Inf";
        if (value == 0)
            return "0";

        // "d.dddddddddddddde±xxx": 15 significant digits, correctly rounded.
        var text = Math.Abs(value).ToString("e14", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('e', StringComparison.Ordinal);
        var exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var digits = (text[..1] + text[2..mark]).TrimEnd('0');
        var sign = value < 0 ? "-" : "";
        var decimals = Math.Max(0, digits.Length - 1 - exponent);
        var fixedWidth = Math.Max(0, exponent) + 1 + (decimals > 0 ? decimals + 1 : 0);
        var scientific = Scientific(digits, exponent);
        return fixedWidth <= scientific.Length
            ? sign + Fixed(Math.Abs(value), digits, exponent, decimals)
            : sign + scientific;
    }

    private static string Scientific(string digits, int exponent)
    {
        var fraction = digits.Length > 1 ? "." + digits[1..] : "";
        var power = Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
        return $"{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{power}";
    }

    private static string Fixed(double magnitude, string digits, int exponent, int decimals)
    {
        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + digits;
        if (decimals > 0)
            return digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];

        // A whole number keeps every digit it has, beyond the fifteenth too, as C's "%.0f" does.
        return magnitude.ToString("F0", CultureInfo.InvariantCulture);
    }
}
