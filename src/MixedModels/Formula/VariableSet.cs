namespace MixedModels.Formula;

/// <summary>The variables of one term as a set of indices; equal sets are equal values.</summary>
internal sealed class VariableSet : IEquatable<VariableSet>
{
    private readonly int[] indices;

    private VariableSet(int[] ascending) => indices = ascending;

    /// <summary>The indices, ascending.</summary>
    public IReadOnlyList<int> Indices => indices;

    /// <summary>The set of one variable.</summary>
    public static VariableSet Of(int index) => new([index]);

    /// <summary>The variables of either set.</summary>
    public VariableSet Union(VariableSet other) => new([.. indices.Union(other.indices).Order()]);

    /// <inheritdoc/>
    public bool Equals(VariableSet? other) => other is not null && indices.AsSpan().SequenceEqual(other.indices);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VariableSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var index in indices)
            hash.Add(index);
        return hash.ToHashCode();
    }
}
