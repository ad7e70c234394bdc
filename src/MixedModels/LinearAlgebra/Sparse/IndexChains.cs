namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>Singly linked chains of indices that can be joined in constant time; at first each index is a chain of its own.</summary>
internal sealed class IndexChains
{
    private readonly int[] next;
    private readonly int[] tail;

    /// <summary>Creates n chains of one index.</summary>
    public IndexChains(int n)
    {
        next = new int[n];
        tail = new int[n];
        for (var i = 0; i < n; i++)
            (next[i], tail[i]) = (-1, i);
    }

    /// <summary>Appends the chain that begins with <paramref name="second"/> to the one that begins with <paramref name="first"/>.</summary>
    public void Join(int first, int second)
    {
        next[tail[first]] = second;
        tail[first] = tail[second];
    }

    /// <summary>The index after i in its chain, −1 at the end.</summary>
    public int After(int i) => next[i];
}
