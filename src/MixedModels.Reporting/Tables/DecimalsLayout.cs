namespace MixedModels.Reporting.Tables;

/// <summary>Every number with the same given number of decimals.</summary>
/// <param name="decimals">The decimals; 0 for counts.</param>
internal sealed class DecimalsLayout(int decimals) : NumberLayout
{
    /// <summary>Rounds one number; a null is empty.</summary>
    public string Single(double? value) =>
        WithoutDigits(value) ?? (Math.Abs(value!.Value) >= LargestFixed && decimals > 0 ? Scientific(value.Value, 4) : Fixed(value.Value, decimals));

    /// <inheritdoc/>
    public override IReadOnlyList<string> Layout(IReadOnlyList<double?> values) => [.. values.Select(Single)];
}
