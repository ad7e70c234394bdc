using System.Runtime.InteropServices;

namespace MixedModels.LinearAlgebra;

/// <summary>How a result is cut into parts for a team: rectangles whose corners lie on multiples of <see cref="RankUpdate.Grain"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct TileGrid
{
    /// <summary>Rows of a part: a left block of 192 × 256 leaves half of a megabyte of second-level cache to the rest.</summary>
    private const int RowLimit = 192;

    /// <summary>Elements along the panels that are packed as one part.</summary>
    private const int SliceLength = 2 * RankUpdate.Grain;

    /// <summary>Parts a thread, so that an unlucky last one costs little.</summary>
    private const int PartsPerThread = 6;

    private readonly int rows;
    private readonly int columns;
    private readonly int rowStep;
    private readonly int columnStep;
    private readonly int rowParts;

    public TileGrid(int rows, int columns, int threads)
    {
        (this.rows, this.columns) = (rows, columns);
        rowStep = RowLimit;
        columnStep = Math.Max(RoundUp(columns), RankUpdate.Grain);
        if (threads > 1)
        {
            var wanted = threads * PartsPerThread;
            rowStep = Math.Clamp(RoundUp(rows / wanted), RankUpdate.Grain * 2, RowLimit);
            var columnParts = Math.Max(1, wanted / Math.Max(1, Ceiling(rows, rowStep)));
            columnStep = Math.Max(RoundUp(Ceiling(columns, columnParts)), RankUpdate.Grain * 2);
        }

        rowParts = Ceiling(rows, rowStep);
        Parts = rowParts * Ceiling(columns, columnStep);
    }

    /// <summary>Number of rectangles.</summary>
    public int Parts { get; }

    /// <summary>The least multiple of the grain that is not below <paramref name="count"/>.</summary>
    public static int RoundUp(int count) => Ceiling(count, RankUpdate.Grain) * RankUpdate.Grain;

    /// <summary>Parts into which packing <paramref name="count"/> elements is cut.</summary>
    public static int Slices(int count) => Ceiling(count, SliceLength);

    /// <summary>One of these parts.</summary>
    public static (int Start, int Count) Slice(int index, int count) =>
        (index * SliceLength, Math.Min(SliceLength, count - index * SliceLength));

    /// <summary>The rectangle of a part, from the last rows up: in a lower triangle these are the longest.</summary>
    public (int Top, int Bottom, int First, int Last) Tile(int part)
    {
        var (top, first) = ((rowParts - 1 - part % rowParts) * rowStep, part / rowParts * columnStep);
        return (top, Math.Min(top + rowStep, rows), first, Math.Min(first + columnStep, columns));
    }

    private static int Ceiling(int count, int step) => (count + step - 1) / step;
}
