using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Storage;

/// <summary>The rows that random effects tie together: two rows are in one cluster where a chain of shared levels leads from one to the other.</summary>
internal static class RowClusters
{
    /// <summary>The rows of each cluster, ascending; clusters by their first row. O(n × terms).</summary>
    public static int[][] Of(IReadOnlyList<RandomTermData> terms, int n)
    {
        var parent = new int[n];
        for (var r = 0; r < n; r++) parent[r] = r;
        foreach (var term in terms)
        {
            var first = new int[term.LevelCount];
            Array.Fill(first, -1);
            for (var r = 0; r < n; r++)
            {
                ref var known = ref first[term.LevelOfRow.Span[r]];
                if (known < 0) known = r;
                else Join(parent, known, r);
            }
        }

        return [.. Enumerable.Range(0, n).GroupBy(r => Root(parent, r)).Select(cluster => cluster.ToArray())];
    }

    // The smaller row becomes the root, so that the order of clusters is that of their first rows.
    private static void Join(int[] parent, int a, int b)
    {
        (a, b) = (Root(parent, a), Root(parent, b));
        parent[Math.Max(a, b)] = Math.Min(a, b);
    }

    private static int Root(int[] parent, int r)
    {
        while (parent[r] != r) r = parent[r] = parent[parent[r]];
        return r;
    }
}
