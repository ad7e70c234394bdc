namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>Disjoint lists of the indices 0 … n−1, one a key, in linked form; the last added comes first.</summary>
internal sealed class IndexLists
{
    private readonly int[] head;
    private readonly int[] next;

    /// <summary>Creates n empty lists.</summary>
    public IndexLists(int n)
    {
        head = new int[n];
        next = new int[n];
        Array.Fill(head, -1);
    }

    /// <summary>Adds an index that is in no list.</summary>
    public void Add(int key, int index)
    {
        next[index] = head[key];
        head[key] = index;
    }

    /// <summary>The first index of a list, −1 where it is empty.</summary>
    public int First(int key) => head[key];

    /// <summary>The index after another in its list, −1 at the end.</summary>
    public int Next(int index) => next[index];
}
