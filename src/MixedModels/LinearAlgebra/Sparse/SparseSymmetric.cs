using System.Diagnostics;

namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>
/// The pattern of a sparse symmetric matrix: the lower triangle by compressed columns, row indices ascending, the diagonal always present.
/// Immutable; the values live in arrays of the caller, aligned with <see cref="RowIndices"/>, so that one pattern serves many matrices.
/// </summary>
internal sealed class SparseSymmetric
{
    private readonly int[] columnStarts;
    private readonly int[] rowIndices;

    private SparseSymmetric(int[] columnStarts, int[] rowIndices)
    {
        this.columnStarts = columnStarts;
        this.rowIndices = rowIndices;
    }

    /// <summary>The number of rows and columns n.</summary>
    public int Order => columnStarts.Length - 1;

    /// <summary>The number of stored entries: the lower triangle with the diagonal.</summary>
    public int Nonzeros => rowIndices.Length;

    /// <summary>The index of the first entry of each column, and the end of the last: n+1 values.</summary>
    public ReadOnlySpan<int> ColumnStarts => columnStarts;

    /// <summary>The row of each entry, ascending within a column; the first of column j is j.</summary>
    public ReadOnlySpan<int> RowIndices => rowIndices;

    /// <summary>The pattern that holds given entries, of either triangle; repeated ones count once and the diagonal is added.</summary>
    /// <exception cref="ArgumentException">The lists differ in length or an index is out of range.</exception>
    public static SparseSymmetric FromEntries(int order, ReadOnlySpan<int> rows, ReadOnlySpan<int> columns)
    {
        if (rows.Length != columns.Length)
            throw new ArgumentException($"{rows.Length} row and {columns.Length} column indices; an entry needs one of each.", nameof(columns));
        var starts = new int[rows.Length + 1];
        var members = new int[2 * rows.Length];
        for (var e = 0; e < rows.Length; e++)
        {
            members[2 * e] = rows[e];
            members[2 * e + 1] = columns[e];
            starts[e + 1] = 2 * (e + 1);
        }

        return FromCliques(order, starts, members);
    }

    /// <summary>
    /// The pattern in which all members of a clique are neighbours of each other. With the columns that each row of Z touches as cliques
    /// it is the pattern of Z'Z.
    /// </summary>
    /// <param name="order">The number of rows and columns n.</param>
    /// <param name="starts">The first member of each clique, and the end of the last.</param>
    /// <param name="members">The indices of the cliques one after the other; repeated ones count once.</param>
    /// <exception cref="ArgumentException">The starts do not cover the members, or a member is out of range.</exception>
    public static SparseSymmetric FromCliques(int order, ReadOnlySpan<int> starts, ReadOnlySpan<int> members)
    {
        var (memberStarts, cliques) = CliquesByMember(order, starts, members);
        var offsets = new int[order + 1];
        var rows = new List<int>(members.Length + order);
        var seen = new int[order];
        Array.Fill(seen, -1);
        for (var j = 0; j < order; j++)
        {
            var first = rows.Count;
            seen[j] = j;
            rows.Add(j);
            for (var p = memberStarts[j]; p < memberStarts[j + 1]; p++)
            {
                foreach (var i in members[starts[cliques[p]]..starts[cliques[p] + 1]])
                {
                    if (i <= j || seen[i] == j)
                        continue;
                    seen[i] = j;
                    rows.Add(i);
                }
            }

            rows.Sort(first, rows.Count - first, comparer: null);
            offsets[j + 1] = rows.Count;
        }

        return new SparseSymmetric(offsets, [.. rows]);
    }

    /// <summary>The index of entry (i, j) or (j, i) in the values, −1 where the pattern has none. O(log entries of the column).</summary>
    public int IndexOf(int i, int j)
    {
        var (row, column) = i >= j ? (i, j) : (j, i);
        var start = columnStarts[column];
        var found = rowIndices.AsSpan(start, columnStarts[column + 1] - start).BinarySearch(row);
        return found < 0 ? -1 : start + found;
    }

    /// <summary>For each index its neighbours in the graph of the matrix, without itself: n+1 starts and the lists one after the other.</summary>
    public (int[] Starts, int[] Neighbours) NeighbourLists()
    {
        var starts = new int[Order + 1];
        for (var j = 0; j < Order; j++)
        {
            starts[j + 1] += columnStarts[j + 1] - columnStarts[j] - 1;
            for (var p = columnStarts[j] + 1; p < columnStarts[j + 1]; p++)
                starts[rowIndices[p] + 1]++;
        }

        for (var j = 0; j < Order; j++)
            starts[j + 1] += starts[j];
        var next = starts.AsSpan(0, Order).ToArray();
        var neighbours = new int[starts[^1]];
        for (var j = 0; j < Order; j++)
        {
            for (var p = columnStarts[j] + 1; p < columnStarts[j + 1]; p++)
            {
                neighbours[next[j]++] = rowIndices[p];
                neighbours[next[rowIndices[p]]++] = j;
            }
        }

        return (starts, neighbours);
    }

    /// <summary>y = A x for the symmetric matrix with these values.</summary>
    public void Multiply(ReadOnlySpan<double> values, ReadOnlySpan<double> x, Span<double> y)
    {
        Debug.Assert(values.Length == Nonzeros && x.Length == Order && y.Length == Order);
        y.Clear();
        for (var j = 0; j < Order; j++)
        {
            var sum = values[columnStarts[j]] * x[j];
            for (var p = columnStarts[j] + 1; p < columnStarts[j + 1]; p++)
            {
                y[rowIndices[p]] += values[p] * x[j];
                sum += values[p] * x[rowIndices[p]];
            }

            y[j] += sum;
        }
    }

    private static (int[] Starts, int[] Cliques) CliquesByMember(int order, ReadOnlySpan<int> starts, ReadOnlySpan<int> members)
    {
        if (starts.Length == 0 || starts[0] != 0 || starts[^1] != members.Length)
            throw new ArgumentException($"The starts must run from 0 to the number of members, {members.Length}.", nameof(starts));
        var memberStarts = new int[order + 1];
        foreach (var i in members)
        {
            if ((uint)i >= (uint)order)
                throw new ArgumentException($"Index {i} is outside a matrix of order {order}.", nameof(members));
            memberStarts[i + 1]++;
        }

        for (var i = 0; i < order; i++)
            memberStarts[i + 1] += memberStarts[i];
        var next = memberStarts.AsSpan(0, order).ToArray();
        var cliques = new int[members.Length];
        for (var q = 0; q + 1 < starts.Length; q++)
        {
            foreach (var i in members[starts[q]..starts[q + 1]])
                cliques[next[i]++] = q;
        }

        return (memberStarts, cliques);
    }
}
