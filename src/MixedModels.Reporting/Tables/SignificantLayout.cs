namespace MixedModels.Reporting.Tables;

/// <summary>
/// As many decimals as give the smallest number of the column four significant digits. Where one column spans so many powers of ten
/// that the largest number would become a row of digits, the smallest give way to scientific notation.
/// </summary>
/// <remarks>
/// With a reference (standard errors beside estimates) the digits follow the reference: an estimate is shown to the precision to
/// which it is known, and <c>0.000</c> is then an honest rounding.
/// </remarks>
/// <param name="reference">The numbers, one a row, that say how precise a row is; null: the column's own.</param>
internal sealed class SignificantLayout(IReadOnlyList<double?>? reference = null) : NumberLayout
{
    private const int Significant = 4;

    // Digits the largest number may have, before and after its point together: 612.10000 is the longest, 612.1000000 is not read.
    private const int LongestNumber = 8;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Layout(IReadOnlyList<double?> values)
    {
        var precision = reference ?? values;
        var mostDecimals = MostDecimals(precision);
        var decimals = Decimals(precision, mostDecimals);
        var cells = new string[values.Count];
        for (var row = 0; row < cells.Length; row++)
        {
            var value = values[row];
            cells[row] = WithoutDigits(value)
                ?? (Math.Abs(value!.Value) >= LargestFixed || NeedsExponent(precision[row], mostDecimals)
                    ? Scientific(value.Value, Significant - 1)
                    : Fixed(value.Value, decimals));
        }

        return cells;
    }

    private static int MostDecimals(IReadOnlyList<double?> values)
    {
        var largest = 0.0;
        foreach (var value in values)
        {
            if (value is { } number && double.IsFinite(number) && Math.Abs(number) < LargestFixed)
                largest = Math.Max(largest, Math.Abs(number));
        }

        var digitsBefore = largest < 1 ? 1 : Exponent(largest) + 1;
        return Math.Max(LongestNumber - digitsBefore, 2);
    }

    private static int Decimals(IReadOnlyList<double?> values, int mostDecimals)
    {
        var smallest = double.PositiveInfinity;
        foreach (var value in values)
        {
            if (value is { } number and not 0 && double.IsFinite(number) && !NeedsExponent(number, mostDecimals))
                smallest = Math.Min(smallest, Math.Abs(number));
        }

        return double.IsPositiveInfinity(smallest) ? Significant - 1 : Math.Clamp(Significant - 1 - Exponent(smallest), 0, mostDecimals);
    }

    // Fewer than two digits would be left of a number this small.
    private static bool NeedsExponent(double? value, int mostDecimals) =>
        value is { } number and not 0 && double.IsFinite(number)
        && (Math.Abs(number) >= LargestFixed || Exponent(Math.Abs(number)) < 1 - mostDecimals);

    private static int Exponent(double magnitude) => (int)Math.Floor(Math.Log10(magnitude));
}
