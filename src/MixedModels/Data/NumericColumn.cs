namespace MixedModels.Data;

/// <summary>A column of numbers; NaN is a missing value. Immutable.</summary>
public sealed class NumericColumn : Column
{
    private readonly double[] values;

    /// <summary>Creates a column; the values are copied.</summary>
    public NumericColumn(string name, ReadOnlySpan<double> values)
        : base(name, values.Length) => this.values = values.ToArray();

    /// <summary>The values, one a row; NaN is missing.</summary>
    public ReadOnlyMemory<double> Values => values;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => double.IsNaN(values[row]);
}
