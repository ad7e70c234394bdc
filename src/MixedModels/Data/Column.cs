using System.Security.Cryptography;

namespace MixedModels.Data;

/// <summary>A named column of a <see cref="DataTable"/>: numbers or a factor. Immutable.</summary>
public abstract class Column
{
    private protected Column(string name, int length)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        Length = length;
    }

    /// <summary>The column's name as it stands in the file or was given.</summary>
    public string Name { get; }

    /// <summary>The number of rows.</summary>
    public int Length { get; }

    /// <summary>Whether the value at a zero-based row is missing.</summary>
    public abstract bool IsMissing(int row);

    /// <summary>
    /// The column as a factor: a factor is itself; of numbers each distinct value is a level, in numeric order and named as R
    /// names it (<c>0.2</c>, <c>1</c>, <c>1e+05</c>); values alike in 15 significant digits are one level. O(n log n).
    /// </summary>
    public abstract FactorColumn ToFactor();

    /// <summary>The rows at the given zero-based positions, in their order; a position may repeat.</summary>
    internal abstract Column SelectRows(ReadOnlySpan<int> rows);

    /// <summary>Adds kind, name and content to a hash, the same bytes on every platform.</summary>
    internal abstract void AddTo(IncrementalHash hash);
}
