namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>A renumbering of n rows and columns, in both directions. Immutable.</summary>
internal sealed class Permutation
{
    private readonly int[] order;
    private readonly int[] inverse;

    /// <summary>Creates a permutation; the order is copied.</summary>
    /// <param name="order">For each new position the old index; each of 0 … n−1 once.</param>
    /// <exception cref="ArgumentException">An index is out of range or occurs twice.</exception>
    public Permutation(ReadOnlySpan<int> order)
    {
        this.order = order.ToArray();
        inverse = new int[order.Length];
        Array.Fill(inverse, -1);
        for (var k = 0; k < order.Length; k++)
        {
            if ((uint)order[k] >= (uint)order.Length || inverse[order[k]] >= 0)
                throw new ArgumentException($"Position {k} holds {order[k]}; a permutation of {order.Length} holds each index once.", nameof(order));
            inverse[order[k]] = k;
        }
    }

    /// <summary>The number of indices n.</summary>
    public int Length => order.Length;

    /// <summary>The old index at each new position.</summary>
    public ReadOnlySpan<int> Order => order;

    /// <summary>The new position of each old index.</summary>
    public ReadOnlySpan<int> Inverse => inverse;

    /// <summary>The permutation that leaves every index in place.</summary>
    public static Permutation Identity(int length)
    {
        var identity = new int[length];
        for (var k = 0; k < length; k++)
            identity[k] = k;
        return new Permutation(identity);
    }

    /// <summary>This permutation followed by another of its new positions.</summary>
    public Permutation Then(ReadOnlySpan<int> next)
    {
        var composed = new int[next.Length];
        for (var k = 0; k < next.Length; k++)
            composed[k] = order[next[k]];
        return new Permutation(composed);
    }

    /// <summary>Copies a vector in the old numbering into the new one.</summary>
    public void Apply(ReadOnlySpan<double> source, Span<double> destination)
    {
        for (var k = 0; k < order.Length; k++)
            destination[k] = source[order[k]];
    }

    /// <summary>Copies a vector in the new numbering back into the old one.</summary>
    public void Undo(ReadOnlySpan<double> source, Span<double> destination)
    {
        for (var k = 0; k < order.Length; k++)
            destination[order[k]] = source[k];
    }
}
