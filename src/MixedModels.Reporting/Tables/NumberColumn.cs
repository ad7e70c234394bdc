using System.Globalization;

namespace MixedModels.Reporting.Tables;

/// <summary>A column of numbers with the rule by which they are rounded for reading.</summary>
/// <param name="header">The column's heading.</param>
/// <param name="values">The numbers, one a row; null where the row has no such number, NaN where it is undefined.</param>
/// <param name="layout">How the numbers are rounded for reading.</param>
internal sealed class NumberColumn(string header, IReadOnlyList<double?> values, NumberLayout layout)
    : ResultColumn(header, Alignment.Right)
{
    /// <inheritdoc/>
    public override int Length => values.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Displayed() => layout.Layout(values);

    /// <inheritdoc/>
    public override string Exact(int row) => values[row] switch
    {
        null => "",
        double.NaN => "NA",
        double.PositiveInfinity => "Inf",
        double.NegativeInfinity => "-Inf",
        { } value => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
