namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>A symmetric pattern in a new numbering: the lower triangle by columns and by rows, and where each entry came from. Immutable.</summary>
internal sealed class PermutedPattern
{
    private readonly int[] columnStarts;
    private readonly int[] rows;
    private readonly int[] sources;
    private readonly int[] rowStarts;
    private readonly int[] columns;

    /// <summary>Renumbers a pattern by two stable counting sorts, by row and then by column. O(entries).</summary>
    public PermutedPattern(SparseSymmetric pattern, Permutation permutation)
    {
        var n = pattern.Order;
        var inverse = permutation.Inverse;
        rowStarts = new int[n + 1];
        columnStarts = new int[n + 1];
        columns = new int[pattern.Nonzeros];
        var sourceByRow = new int[pattern.Nonzeros];
        rows = new int[pattern.Nonzeros];
        sources = new int[pattern.Nonzeros];
        CountEntries(pattern, inverse);

        var next = rowStarts.AsSpan(0, n).ToArray();
        for (var j = 0; j < n; j++)
        {
            for (var p = pattern.ColumnStarts[j]; p < pattern.ColumnStarts[j + 1]; p++)
            {
                var (a, b) = (inverse[pattern.RowIndices[p]], inverse[j]);
                var slot = next[Math.Max(a, b)]++;
                columns[slot] = Math.Min(a, b);
                sourceByRow[slot] = p;
            }
        }

        columnStarts.AsSpan(0, n).CopyTo(next);
        for (var i = 0; i < n; i++)
        {
            for (var p = rowStarts[i]; p < rowStarts[i + 1]; p++)
            {
                var slot = next[columns[p]]++;
                rows[slot] = i;
                sources[slot] = sourceByRow[p];
            }
        }
    }

    /// <summary>The number of rows and columns n.</summary>
    public int Order => columnStarts.Length - 1;

    /// <summary>The rows i ≥ j of the entries of column j, ascending.</summary>
    public ReadOnlySpan<int> Rows(int j) => rows.AsSpan(columnStarts[j], columnStarts[j + 1] - columnStarts[j]);

    /// <summary>The indices of the entries of column j in the original pattern, aligned with <see cref="Rows"/>.</summary>
    public ReadOnlySpan<int> Sources(int j) => sources.AsSpan(columnStarts[j], columnStarts[j + 1] - columnStarts[j]);

    /// <summary>The columns j ≤ i of the entries of row i, in no order.</summary>
    public ReadOnlySpan<int> Columns(int i) => columns.AsSpan(rowStarts[i], rowStarts[i + 1] - rowStarts[i]);

    private void CountEntries(SparseSymmetric pattern, ReadOnlySpan<int> inverse)
    {
        for (var j = 0; j < pattern.Order; j++)
        {
            foreach (var i in pattern.RowIndices[pattern.ColumnStarts[j]..pattern.ColumnStarts[j + 1]])
            {
                rowStarts[Math.Max(inverse[i], inverse[j]) + 1]++;
                columnStarts[Math.Min(inverse[i], inverse[j]) + 1]++;
            }
        }

        for (var j = 0; j < pattern.Order; j++)
        {
            rowStarts[j + 1] += rowStarts[j];
            columnStarts[j + 1] += columnStarts[j];
        }
    }
}
