using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MixedModels.LinearAlgebra.Sparse;

/// <summary>The rows of one supernode that are columns of another, its target: rows First … End−1 of those below its own columns.</summary>
/// <param name="Target">The supernode that owns these rows as columns.</param>
/// <param name="First">The first such row, counted from the first row below the supernode's own columns.</param>
/// <param name="End">The row after the last.</param>
/// <param name="Positions">Where the positions in the target's panel begin: one for each row from First to the last of the source's panel.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UpdateBlock(int Target, int First, int End, int Positions);

/// <summary>
/// Where everything lies in the panels of a supernodal factor, and of an inverse on its pattern: the rows of each panel, the place of each
/// entry of the matrix, and for each panel the blocks by which it updates later ones. Immutable; safe for concurrent use.
/// </summary>
/// <remarks>
/// Panel s is column-major with RowCount(s) rows: first the supernode's own columns, then the rows below, ascending. Panels follow each other.
/// </remarks>
internal sealed class FactorLayout
{
    private readonly int[] owner;
    private readonly int[] rowStarts;
    private readonly int[] rows;
    private readonly int[] panelStarts;
    private readonly int[] targetColumns;
    private readonly int[] entryPlaces;
    private readonly int[] blockStarts;
    private readonly UpdateBlock[] blocks;
    private readonly int[] positions;

    private FactorLayout(SymbolicFactor symbolic)
    {
        Symbolic = symbolic;
        owner = Owners(symbolic.Supernodes);
        (rowStarts, rows) = PanelRows.Find(symbolic, owner);
        panelStarts = PanelStarts(symbolic.Supernodes);
        (blockStarts, blocks) = FindBlocks(out var positionCount);
        positions = new int[positionCount];
        for (var s = 0; s < Count; s++)
            MostRowsBelow = Math.Max(MostRowsBelow, RowCount(s) - Width(s));
        targetColumns = Array.ConvertAll(rows, j => panelStarts[owner[j]] + (j - First(owner[j])) * RowCount(owner[j]));
        entryPlaces = new int[symbolic.Pattern.Nonzeros];
        PlaceEntriesAndBlocks();
    }

    /// <summary>The analysis that this layout realises.</summary>
    public SymbolicFactor Symbolic { get; }

    /// <summary>The number of supernodes.</summary>
    public int Count => panelStarts.Length - 1;

    /// <summary>The length of the array of all panels.</summary>
    public int PanelEntries => panelStarts[^1];

    /// <summary>For each entry of the original pattern its index in the array of all panels.</summary>
    public ReadOnlySpan<int> EntryPlaces => entryPlaces;

    /// <summary>The most rows that a supernode has below its own columns.</summary>
    public int MostRowsBelow { get; }

    /// <summary>Lays out the panels.</summary>
    /// <exception cref="ArgumentException">The factor does not fit in one array, as <see cref="SymbolicFactor.Bytes"/> foretells.</exception>
    public static FactorLayout Create(SymbolicFactor symbolic)
    {
        RequireOneArray(symbolic.PanelEntries, nameof(symbolic));
        return new FactorLayout(symbolic);
    }

    /// <summary>The first column of supernode s.</summary>
    public int First(int s) => Symbolic.Supernodes.Firsts[s];

    /// <summary>The number of columns of supernode s.</summary>
    public int Width(int s) => Symbolic.Supernodes.Width(s);

    /// <summary>The number of rows of panel s, its leading dimension.</summary>
    public int RowCount(int s) => rowStarts[s + 1] - rowStarts[s];

    /// <summary>The rows of panel s in the order of elimination.</summary>
    public ReadOnlySpan<int> Rows(int s) => rows.AsSpan(rowStarts[s], RowCount(s));

    /// <summary>Where panel s begins in the array of all panels.</summary>
    public int PanelStart(int s) => panelStarts[s];

    /// <summary>The blocks by which panel s updates later panels.</summary>
    public ReadOnlySpan<UpdateBlock> Blocks(int s) => blocks.AsSpan(blockStarts[s], blockStarts[s + 1] - blockStarts[s]);

    /// <summary>For each row below the columns of supernode s, where the column of the same number begins in the array of all panels.</summary>
    public ReadOnlySpan<int> TargetColumns(int s) => targetColumns.AsSpan(rowStarts[s] + Width(s), RowCount(s) - Width(s));

    /// <summary>The positions in the target's panel of the block's first row and of the rows after it in the source's panel.</summary>
    public ReadOnlySpan<int> Positions(UpdateBlock block) => positions.AsSpan(block.Positions);

    /// <summary>The place of entry (i, j) of the original numbering in the array of all panels, −1 off the pattern of the panels.</summary>
    public int PlaceOf(int i, int j)
    {
        var (a, b) = (Symbolic.Permutation.Inverse[i], Symbolic.Permutation.Inverse[j]);
        var (row, column) = a >= b ? (a, b) : (b, a);
        var s = owner[column];
        var position = Rows(s).BinarySearch(row);
        return position < 0 ? -1 : panelStarts[s] + (column - First(s)) * RowCount(s) + position;
    }

    private static void RequireOneArray(long entries, string argument)
    {
        if (entries > Array.MaxLength)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"The sparse factor needs {entries} entries; an array holds {Array.MaxLength}. Use an iterative method."),
                argument);
        }
    }

    private static int[] Owners(SupernodePartition supernodes)
    {
        var owners = new int[supernodes.Firsts[^1]];
        for (var s = 0; s < supernodes.Count; s++)
            owners.AsSpan(supernodes.Firsts[s], supernodes.Width(s)).Fill(s);
        return owners;
    }

    private static int[] PanelStarts(SupernodePartition supernodes)
    {
        var starts = new int[supernodes.Count + 1];
        for (var s = 0; s < supernodes.Count; s++)
            starts[s + 1] = starts[s] + supernodes.RowCounts[s] * supernodes.Width(s);
        return starts;
    }

    /// <summary>Splits the rows below each supernode by the supernodes that own them.</summary>
    private (int[] Starts, UpdateBlock[] Blocks) FindBlocks(out long positionCount)
    {
        positionCount = 0;
        var starts = new int[Count + 1];
        var found = new List<UpdateBlock>();
        for (var s = 0; s < Count; s++)
        {
            var below = Rows(s)[Width(s)..];
            for (var first = 0; first < below.Length;)
            {
                var target = owner[below[first]];
                var end = first + 1;
                while (end < below.Length && owner[below[end]] == target)
                    end++;
                found.Add(new UpdateBlock(target, first, end, (int)positionCount));
                positionCount += below.Length - first;
                RequireOneArray(positionCount, nameof(Symbolic));
                first = end;
            }

            starts[s + 1] = found.Count;
        }

        return (starts, [.. found]);
    }

    private void PlaceEntriesAndBlocks()
    {
        var (sourceStarts, sources) = BlocksByTarget();
        var position = new int[Symbolic.Order];
        for (var s = 0; s < Count; s++)
        {
            var panelRows = Rows(s);
            for (var k = 0; k < panelRows.Length; k++)
                position[panelRows[k]] = k;
            PlaceEntries(s, position);
            foreach (var (source, b) in sources.AsSpan(sourceStarts[s], sourceStarts[s + 1] - sourceStarts[s]))
            {
                var block = blocks[b];
                var below = Rows(source)[(Width(source) + block.First)..];
                for (var k = 0; k < below.Length; k++)
                {
                    positions[block.Positions + k] = position[below[k]];
                    Debug.Assert(panelRows[position[below[k]]] == below[k], "The rows below a block belong to the panel it updates.");
                }
            }
        }
    }

    private void PlaceEntries(int s, ReadOnlySpan<int> position)
    {
        for (var j = 0; j < Width(s); j++)
        {
            var column = First(s) + j;
            var entryRows = Symbolic.Permuted.Rows(column);
            var entrySources = Symbolic.Permuted.Sources(column);
            for (var p = 0; p < entryRows.Length; p++)
                entryPlaces[entrySources[p]] = panelStarts[s] + j * RowCount(s) + position[entryRows[p]];
        }
    }

    private (int[] Starts, (int Source, int Block)[] Sources) BlocksByTarget()
    {
        var starts = new int[Count + 1];
        foreach (var block in blocks)
            starts[block.Target + 1]++;
        for (var s = 0; s < Count; s++)
            starts[s + 1] += starts[s];
        var next = starts.AsSpan(0, Count).ToArray();
        var sources = new (int, int)[blocks.Length];
        for (var s = 0; s < Count; s++)
        {
            for (var b = blockStarts[s]; b < blockStarts[s + 1]; b++)
                sources[next[blocks[b].Target]++] = (s, b);
        }

        return (starts, sources);
    }
}
