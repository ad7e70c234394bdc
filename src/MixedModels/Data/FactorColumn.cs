using System.Security.Cryptography;

namespace MixedModels.Data;

/// <summary>A categorical column: an ordered list of levels and a code a row. Immutable.</summary>
public sealed class FactorColumn : Column
{
    private readonly int[] codes;
    private readonly string[] levels;

    /// <summary>Creates a factor; codes and levels are copied.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="levels">The distinct levels in their order; the first is the reference of treatment contrasts.</param>
    /// <param name="codes">A zero-based index into <paramref name="levels"/> a row, −1 where missing.</param>
    /// <param name="isOrdered">Whether the levels are ordered (polynomial contrasts by default).</param>
    /// <exception cref="ArgumentException">A code is out of range or a level is repeated.</exception>
    public FactorColumn(string name, IReadOnlyList<string> levels, ReadOnlySpan<int> codes, bool isOrdered = false)
        : base(name, codes.Length)
    {
        this.levels = [.. levels];
        if (this.levels.Distinct(StringComparer.Ordinal).Count() != this.levels.Length)
            throw new ArgumentException($"Factor '{name}' repeats a level.", nameof(levels));
        foreach (var code in codes)
        {
            if (code < -1 || code >= this.levels.Length)
                throw new ArgumentException($"Factor '{name}' has code {code}, outside its {this.levels.Length} levels.", nameof(codes));
        }

        this.codes = codes.ToArray();
        IsOrdered = isOrdered;
    }

    /// <summary>The levels in their order; a level need not occur in the rows.</summary>
    public IReadOnlyList<string> Levels => levels;

    /// <summary>The zero-based level a row, −1 where missing.</summary>
    public ReadOnlyMemory<int> Codes => codes;

    /// <summary>Whether the levels are ordered.</summary>
    public bool IsOrdered { get; }

    /// <inheritdoc/>
    public override bool IsMissing(int row) => codes[row] < 0;

    /// <summary>The column itself.</summary>
    public override FactorColumn ToFactor() => this;

    internal override Column SelectRows(ReadOnlySpan<int> rows)
    {
        var selected = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
            selected[i] = codes[rows[i]];
        return new FactorColumn(Name, levels, selected, IsOrdered);
    }

    internal override void AddTo(IncrementalHash hash)
    {
        ContentHash.Add(hash, IsOrdered ? "ordered" : "factor");
        ContentHash.Add(hash, Name);
        ContentHash.Add(hash, codes);
        ContentHash.Add(hash, [levels.Length]);
        foreach (var level in levels)
            ContentHash.Add(hash, level);
    }
}
