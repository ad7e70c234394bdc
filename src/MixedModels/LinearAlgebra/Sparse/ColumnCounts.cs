namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>
/// The number of entries in each column of the Cholesky factor, diagonal included, without forming its pattern.
/// Source: Gilbert, Ng and Peyton (1994), An efficient algorithm to compute row and column counts for sparse Cholesky factorization,
/// SIAM J. Matrix Anal. Appl. 15, 1075–1091.
/// </summary>
/// <remarks>
/// Row i of the factor is the subtree of the elimination tree whose leaves are those columns j of row i of the matrix that have no other
/// column of that row below them. Weights +1 at such leaves and −1 at the least common ancestors of consecutive leaves sum, over
/// the descendants of j, to the count of column j.
/// </remarks>
internal sealed class ColumnCounts
{
    private readonly int[] firstDescendant;
    private readonly int[] latestFirst;
    private readonly int[] previousLeaf;
    private readonly int[] ancestor;

    private ColumnCounts(ReadOnlySpan<int> parent)
    {
        var n = parent.Length;
        latestFirst = new int[n];
        previousLeaf = new int[n];
        ancestor = new int[n];
        firstDescendant = new int[n];
        for (var j = 0; j < n; j++)
        {
            latestFirst[j] = previousLeaf[j] = -1;
            ancestor[j] = firstDescendant[j] = j;
        }

        for (var j = 0; j < n; j++)
        {
            if (parent[j] != -1)
                firstDescendant[parent[j]] = Math.Min(firstDescendant[parent[j]], firstDescendant[j]);
        }
    }

    /// <summary>The counts for a pattern in a postordered numbering. Nearly O(entries).</summary>
    public static int[] Count(PermutedPattern pattern, ReadOnlySpan<int> parent)
    {
        var search = new ColumnCounts(parent);
        var count = new int[pattern.Order];
        for (var j = 0; j < pattern.Order; j++)
        {
            if (search.firstDescendant[j] == j)
                count[j]++;
            foreach (var i in pattern.Rows(j)[1..])
                search.VisitLeaf(i, j, count);
            if (parent[j] == -1)
                continue;
            // Row j of the factor ends at its diagonal: the parent does not inherit it.
            count[parent[j]]--;
            search.ancestor[j] = parent[j];
        }

        for (var j = 0; j < pattern.Order; j++)
        {
            if (parent[j] != -1)
                count[parent[j]] += count[j];
        }

        return count;
    }

    private void VisitLeaf(int i, int j, Span<int> count)
    {
        if (firstDescendant[j] <= latestFirst[i])
            return;
        latestFirst[i] = firstDescendant[j];
        count[j]++;
        if (previousLeaf[i] != -1)
            count[Root(previousLeaf[i])]--;
        previousLeaf[i] = j;
    }

    /// <summary>The least common ancestor of j and the column at hand: the root of j's tree among those whose parents are done.</summary>
    private int Root(int j)
    {
        var root = j;
        while (ancestor[root] != root)
            root = ancestor[root];
        while (ancestor[j] != root)
            (ancestor[j], j) = (root, ancestor[j]);
        return root;
    }
}
