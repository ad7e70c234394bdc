namespace MixedModels.Reporting.Tables;

/// <summary>p-values: four decimals, and scientific notation where that would leave no digit.</summary>
internal sealed class ProbabilityLayout : NumberLayout
{
    // Below this, four decimals would show a single digit or none.
    private const double SmallestFixed = 1e-3;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Layout(IReadOnlyList<double?> values) => [.. values.Select(Single)];

    private static string Single(double? value) =>
        WithoutDigits(value) ?? (value!.Value is 0 or >= SmallestFixed ? Fixed(value.Value, 4) : Scientific(value.Value, 2));
}
