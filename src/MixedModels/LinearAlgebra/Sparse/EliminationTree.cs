namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>
/// The elimination tree: the parent of column j is the row of the first entry below the diagonal of column j of the factor, −1 where there is none.
/// Source: Liu (1990), The role of elimination trees in sparse factorization, SIAM J. Matrix Anal. Appl. 11, 134–172.
/// </summary>
internal static class EliminationTree
{
    /// <summary>The parent of each column, by Liu's algorithm with path compression (sec. 4 there). Nearly O(entries).</summary>
    public static int[] Parents(PermutedPattern pattern)
    {
        var parent = new int[pattern.Order];
        var ancestor = new int[pattern.Order];
        for (var i = 0; i < pattern.Order; i++)
        {
            parent[i] = ancestor[i] = -1;
            foreach (var j in pattern.Columns(i))
            {
                // Climb from j to the root of its tree so far and hang that below i, shortening the way for the next climb.
                for (var k = j; k != -1 && k != i;)
                {
                    var up = ancestor[k];
                    ancestor[k] = i;
                    if (up == -1)
                        parent[k] = i;
                    k = up;
                }
            }
        }

        return parent;
    }

    /// <summary>The columns with every child before its parent and every subtree contiguous; children keep their order.</summary>
    public static int[] Postorder(ReadOnlySpan<int> parent)
    {
        var n = parent.Length;
        var firstChild = new int[n + 1];
        var sibling = new int[n];
        Array.Fill(firstChild, -1);
        for (var j = n - 1; j >= 0; j--)
        {
            // The roots are children of a node n above the forest.
            var up = parent[j] == -1 ? n : parent[j];
            sibling[j] = firstChild[up];
            firstChild[up] = j;
        }

        var order = new int[n];
        var path = new Stack<int>();
        path.Push(n);
        for (var k = 0; k < n;)
        {
            var node = path.Peek();
            var child = firstChild[node];
            if (child == -1)
            {
                order[k++] = path.Pop();
                continue;
            }

            firstChild[node] = sibling[child];
            path.Push(child);
        }

        return order;
    }

    /// <summary>The parents in a postordered numbering.</summary>
    public static int[] Renumber(ReadOnlySpan<int> parent, ReadOnlySpan<int> postorder)
    {
        var position = new int[parent.Length];
        for (var k = 0; k < postorder.Length; k++)
            position[postorder[k]] = k;
        var renumbered = new int[parent.Length];
        for (var k = 0; k < postorder.Length; k++)
        {
            var up = parent[postorder[k]];
            renumbered[k] = up == -1 ? -1 : position[up];
        }

        return renumbered;
    }
}
