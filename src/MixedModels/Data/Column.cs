namespace MixedModels.Data;

/// <summary>A named column of a <see cref="DataTable"/>: numbers or a factor. Immutable.</summary>
public abstract class Column
{
    private protected Column(string name, int length)
    {
        Name = name;
        Length = length;
    }

    /// <summary>The column's name as it stands in the file or was given.</summary>
    public string Name { get; }

    /// <summary>The number of rows.</summary>
    public int Length { get; }

    /// <summary>Whether the value at a zero-based row is missing.</summary>
    public abstract bool IsMissing(int row);
}
