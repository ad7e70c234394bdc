using System.Security.Cryptography;

namespace MixedModels.Data;

/// <summary>A column of numbers; NaN is a missing value. Immutable.</summary>
public sealed class NumericColumn : Column
{
    private readonly double[] values;
    private FactorColumn? factor;

    /// <summary>Creates a column; the values are copied.</summary>
    public NumericColumn(string name, ReadOnlySpan<double> values)
        : base(name, values.Length) => this.values = values.ToArray();

    /// <summary>The values, one a row; NaN is missing.</summary>
    public ReadOnlyMemory<double> Values => values;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => double.IsNaN(values[row]);

    /// <inheritdoc/>
    public override FactorColumn ToFactor() => factor ??= MakeFactor();

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

    private FactorColumn MakeFactor()
    {
        var rank = DistinctValues.Rank(values, out var distinct);
        var levels = new List<string>(distinct.Length);
        var codeOfRank = new int[distinct.Length];
        for (var r = 0; r < distinct.Length; r++)
        {
            var level = NumberName.Of(distinct[r]);

            // Neighbours alike in 15 digits share a name, and so a level, as in R.
            if (levels.Count == 0 || !string.Equals(levels[^1], level, StringComparison.Ordinal))
                levels.Add(level);
            codeOfRank[r] = levels.Count - 1;
        }

        for (var row = 0; row < rank.Length; row++)
            rank[row] = rank[row] < 0 ? -1 : codeOfRank[rank[row]];
        return new FactorColumn(Name, levels, rank);
    }
}
