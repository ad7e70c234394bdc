using MixedModels.Design;

namespace MixedModels.Diagnostics.Influence;

/// <summary>The smallest sets of rows between which no level of a random term is shared.</summary>
internal static class IndependentParts
{
    /// <summary>n zero-based parts in the order of their first rows; a row a part without random terms. O(n) a term, nearly.</summary>
    /// <param name="design">A design whose rows have one level in each term.</param>
    public static int[] Of(ModelDesign design)
    {
        int[] parent = [.. Enumerable.Range(0, design.Observations)];
        int Root(int row)
        {
            while (parent[row] != row) row = parent[row] = parent[parent[row]];
            return row;
        }

        foreach (var term in design.RandomTerms)
        {
            var firstRow = new int[term.Levels.Count];
            Array.Fill(firstRow, -1);
            for (var r = 0; r < parent.Length; r++)
            {
                ref var of = ref firstRow[term.LevelOfRow.Span[r]];
                if (of < 0) of = r;
                else parent[Math.Max(Root(r), Root(of))] = Math.Min(Root(r), Root(of));
            }
        }

        var (part, count) = (new int[parent.Length], 0);
        for (var r = 0; r < parent.Length; r++) part[r] = Root(r) == r ? count++ : part[Root(r)];
        return part;
    }
}
