namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>Nodes sorted by degree in doubly linked buckets: insertion and removal in constant time, the last in of a bucket first out.</summary>
internal sealed class DegreeLists
{
    private const int None = -1;
    private readonly int[] head;
    private readonly int[] next;
    private readonly int[] previous;
    private readonly int[] bucket;
    private int minimum;

    /// <summary>Creates empty buckets for the degrees 0 … n−1 of n nodes.</summary>
    public DegreeLists(int n)
    {
        head = new int[n];
        next = new int[n];
        previous = new int[n];
        bucket = new int[n];
        Array.Fill(head, None);
    }

    /// <summary>Adds a node that is in no bucket.</summary>
    public void Insert(int node, int degree)
    {
        var follower = head[degree];
        next[node] = follower;
        previous[node] = None;
        if (follower != None)
            previous[follower] = node;
        head[degree] = node;
        bucket[node] = degree;
        minimum = Math.Min(minimum, degree);
    }

    /// <summary>Takes a node out of its bucket.</summary>
    public void Remove(int node)
    {
        if (previous[node] == None)
            head[bucket[node]] = next[node];
        else
            next[previous[node]] = next[node];
        if (next[node] != None)
            previous[next[node]] = previous[node];
    }

    /// <summary>Takes out and returns a node of least degree; at least one node must be present.</summary>
    public int RemoveMinimum()
    {
        while (head[minimum] == None)
            minimum++;
        var node = head[minimum];
        Remove(node);
        return node;
    }
}
