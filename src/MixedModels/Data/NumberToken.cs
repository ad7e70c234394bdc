using System.Globalization;

namespace MixedModels.Data;

/// <summary>Reads a cell as a number: decimal point, optional exponent, no thousands separators, no hexadecimal.</summary>
internal static class NumberToken
{
    // An integer below 10^15 and the power 10^15 are exact doubles, so one division rounds once and correctly
    // (Clinger 1990, "How to read floating point numbers accurately", PLDI, section 3).
    private const int MostExactDigits = 15;

    private static readonly double[] PowersOfTen =
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Whether the cell (UTF-8) says that the value is missing: empty, <c>NA</c> or <c>NaN</c>.</summary>
    public static bool IsMissing(ReadOnlySpan<byte> token) =>
        token.Length switch
        {
            0 => true,
            2 => token.SequenceEqual("NA"u8),
            3 => token.SequenceEqual("NaN"u8),
            _ => false,
        };

    /// <summary>
    /// Reads a number to the nearest double. <c>Inf</c> and <c>Infinity</c> in any case, and numbers beyond the range,
    /// are infinite; <c>nan</c> in any case is NaN.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> token, out double value) =>
        TryParsePlain(token, out value)
        || double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
        || TryParseInfinity(token, out value);

    /// <summary>As the overload on UTF-8, for text already decoded.</summary>
    public static bool TryParse(string token, out double value) => TryParse(System.Text.Encoding.UTF8.GetBytes(token), out value);

    // [-]digits[.digits] of at most 15 digits: nearly every cell of a data file.
    private static bool TryParsePlain(ReadOnlySpan<byte> token, out double value)
    {
        value = 0;
        var start = token.Length > 0 && token[0] == '-' ? 1 : 0;
        var digits = 0;
        var point = -1;
        long mantissa = 0;
        for (var i = start; i < token.Length; i++)
        {
            var digit = token[i] - '0';
            if ((uint)digit <= 9)
            {
                mantissa = (10 * mantissa) + digit;
                if (++digits > MostExactDigits)
                    return false;
            }
            else if (token[i] == '.' && point < 0)
            {
                point = digits;
            }
            else
            {
                return false;
            }
        }

        if (digits == 0)
            return false;
        value = point < 0 ? mantissa : mantissa / PowersOfTen[digits - point];
        if (start == 1)
            value = -value;
        return true;
    }

    private static bool TryParseInfinity(ReadOnlySpan<byte> token, out double value)
    {
        var negative = token.Length > 0 && token[0] == '-';
        var word = token.Length > 0 && (negative || token[0] == '+') ? token[1..] : token;
        value = negative ? double.NegativeInfinity : double.PositiveInfinity;
        return System.Text.Ascii.EqualsIgnoreCase(word, "inf"u8);
    }
}
