using System.Diagnostics;

namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>
/// Supernodal symbolic factorisation: the rows of a panel are its own columns, the rows of the matrix in them and those its children pass up.
/// </summary>
internal static class PanelRows
{
    /// <summary>The rows of all panels, ascending within each, in the order of elimination. O(rows of the panels), and their sorting.</summary>
    /// <param name="symbolic">The analysis.</param>
    /// <param name="owner">The supernode of each column.</param>
    public static (int[] Starts, int[] Rows) Find(SymbolicFactor symbolic, ReadOnlySpan<int> owner)
    {
        var supernodes = symbolic.Supernodes;
        var starts = new int[supernodes.Count + 1];
        for (var s = 0; s < supernodes.Count; s++)
            starts[s + 1] = starts[s] + supernodes.RowCounts[s];
        var rows = new int[starts[^1]];
        var children = new IndexLists(supernodes.Count);
        var seen = new int[symbolic.Order];
        Array.Fill(seen, -1);
        for (var s = 0; s < supernodes.Count; s++)
        {
            var panel = new RowSet(rows.AsSpan(starts[s], supernodes.RowCounts[s]), seen, s);
            for (var j = supernodes.Firsts[s]; j < supernodes.Firsts[s + 1]; j++)
                panel.Add(j);
            for (var j = supernodes.Firsts[s]; j < supernodes.Firsts[s + 1]; j++)
                panel.AddAll(symbolic.Permuted.Rows(j));
            for (var child = children.First(s); child != -1; child = children.Next(child))
                panel.AddAll(rows.AsSpan(starts[child], supernodes.RowCounts[child])[supernodes.Width(child)..]);
            panel.Sort(supernodes.Width(s));
            Debug.Assert(panel.Count == supernodes.RowCounts[s], "The column counts predict the rows of every panel.");
            if (panel.Count > supernodes.Width(s))
                children.Add(owner[rows[starts[s] + supernodes.Width(s)]], s);
        }

        return (starts, rows);
    }

    /// <summary>Rows collected once each into a panel's part of the row list.</summary>
    private ref struct RowSet(Span<int> rows, Span<int> seen, int panel)
    {
        private readonly Span<int> rows = rows;
        private readonly Span<int> seen = seen;

        public int Count { get; private set; }

        public void Add(int row)
        {
            if (seen[row] == panel)
                return;
            seen[row] = panel;
            rows[Count++] = row;
        }

        public void AddAll(ReadOnlySpan<int> more)
        {
            foreach (var row in more)
                Add(row);
        }

        public readonly void Sort(int from) => rows[from..Count].Sort();
    }
}
