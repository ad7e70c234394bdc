using System.Security.Cryptography;

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

    /// <inheritdoc/>
    public override FactorColumn ToFactor()
    {
        var distinct = values.Where(value => !double.IsNaN(value)).Distinct().Order().ToArray();
        var levels = new List<string>(distinct.Length);
        var codeOf = new Dictionary<double, int>(distinct.Length);
        foreach (var value in distinct)
        {
            var level = NumberName.Of(value);

            // Neighbours alike in 15 digits share a name, and so a level, as in R.
            if (levels.Count == 0 || !string.Equals(levels[^1], level, StringComparison.Ordinal))
                levels.Add(level);
            codeOf.Add(value, levels.Count - 1);
        }

        return new FactorColumn(Name, levels, [.. values.Select(value => double.IsNaN(value) ? -1 : codeOf[value])]);
    }

    internal override Column SelectRows(ReadOnlySpan<int> rows)
    {
        var selected = new double[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            selected[i] = values[rows[i]];
        return new NumericColumn(Name, selected);
    }

    internal override void AddTo(IncrementalHash hash)
    {
        ContentHash.Add(hash, "numeric");
        ContentHash.Add(hash, Name);
        ContentHash.Add(hash, values);
    }
}
