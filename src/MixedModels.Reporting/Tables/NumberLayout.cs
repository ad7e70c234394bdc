using System.Globalization;

namespace MixedModels.Reporting.Tables;

/// <summary>A rule that rounds the numbers of one column together, so that their decimal points stand under one another.</summary>
internal abstract class NumberLayout
{
    /// <summary>What is shown for a number that is not defined, such as the correlation with an effect of no variance.</summary>
    public const string Undefined = "–";

    /// <summary>At this size and above a number is shown in scientific notation.</summary>
    protected const double LargestFixed = 1e9;

    /// <summary>Rounds the numbers of a column; a null is an empty cell.</summary>
    public abstract IReadOnlyList<string> Layout(IReadOnlyList<double?> values);

    /// <summary>A number with so many decimals; zero has no sign.</summary>
    protected static string Fixed(double value, int decimals)
    {
        var text = value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text[0] == '-' && text.AsSpan().IndexOfAnyInRange('1', '9') < 0 ? text[1..] : text;
    }

    /// <summary>A number such as <c>1.234e-09</c>.</summary>
    protected static string Scientific(double value, int decimals) =>
        value.ToString("0." + new string('0', decimals) + "e+00", CultureInfo.InvariantCulture);

    /// <summary>Lays out what has no digits: nothing, an undefined number, an infinite one. Null for an ordinary number.</summary>
    protected static string? WithoutDigits(double? value) => value switch
    {
        null => "",
        double.NaN => Undefined,
        double.PositiveInfinity => "Inf",
        double.NegativeInfinity => "-Inf",
        _ => null,
    };
}
