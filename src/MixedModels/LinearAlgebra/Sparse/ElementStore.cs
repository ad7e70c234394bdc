using System.Diagnostics;

namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>The boundaries of the elements of a quotient graph, one after the other in a buffer that is compacted when it is full.</summary>
internal sealed class ElementStore
{
    private readonly int[] start;
    private readonly int[] length;
    private int[] buffer;
    private int end;
    private int open;

    /// <summary>Creates an empty store for elements numbered 0 … n−1.</summary>
    public ElementStore(int n, int capacity)
    {
        start = new int[n];
        length = new int[n];
        buffer = new int[capacity];
    }

    /// <summary>Begins the boundary of a new element of at most <paramref name="size"/> members.</summary>
    /// <param name="element">The new element.</param>
    /// <param name="size">The most members it can have.</param>
    /// <param name="older">All elements made before, in the order they were made.</param>
    public void Open(int element, int size, ReadOnlySpan<int> older)
    {
        if (buffer.Length - end < size)
            Compact(older);
        if (buffer.Length - end < size)
            Array.Resize(ref buffer, Math.Max(2 * buffer.Length, end + size));
        open = element;
        start[element] = end;
        length[element] = 0;
    }

    /// <summary>Adds a member to the element opened last.</summary>
    public void Append(int member)
    {
        buffer[end++] = member;
        length[open]++;
    }

    /// <summary>The members of an element.</summary>
    public Span<int> Members(int element) => buffer.AsSpan(start[element], length[element]);

    /// <summary>Shortens the element opened last to its first members.</summary>
    public void Close(int kept)
    {
        Debug.Assert(kept <= length[open]);
        length[open] = kept;
        end = start[open] + kept;
    }

    /// <summary>Forgets an element; its space returns at the next compaction.</summary>
    public void Drop(int element) => length[element] = 0;

    private void Compact(ReadOnlySpan<int> older)
    {
        end = 0;
        foreach (var e in older)
        {
            buffer.AsSpan(start[e], length[e]).CopyTo(buffer.AsSpan(end));
            start[e] = end;
            end += length[e];
        }
    }
}
