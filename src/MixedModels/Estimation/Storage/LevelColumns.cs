using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The columns of Z of one level where all terms share one grouping factor: those of the first term, then of the second, and so on.
/// Immutable.
/// </summary>
internal sealed class LevelColumns
{
    private readonly int[] firstColumn;
    private readonly int[] offsetOfColumn;
    private readonly int[] strideOfColumn;

    public LevelColumns(IReadOnlyList<RandomTermData> terms)
    {
        Count = terms.Sum(term => term.Dimension);
        firstColumn = new int[terms.Count + 1];
        offsetOfColumn = new int[Count];
        strideOfColumn = new int[Count];
        var offset = 0;
        for (var t = 0; t < terms.Count; t++)
        {
            var size = terms[t].Dimension;
            for (var i = 0; i < size; i++) (offsetOfColumn[firstColumn[t] + i], strideOfColumn[firstColumn[t] + i]) = (offset + i, size);
            offset += terms[t].LevelCount * size;
            firstColumn[t + 1] = firstColumn[t] + size;
        }
    }

    /// <summary>p, the number of columns over all terms.</summary>
    public int Count { get; }

    /// <summary>The number of entries of a packed triangle of order n.</summary>
    public static int PackedSize(int n) => n * (n + 1) / 2;

    /// <summary>Where entry (i, j) of a symmetric matrix stands in its lower triangle, packed by rows.</summary>
    public static int PackedIndex(int i, int j) => i >= j ? (i * (i + 1) / 2) + j : (j * (j + 1) / 2) + i;

    /// <summary>The first column of a term; of the term after the last, their number.</summary>
    public int First(int term) => firstColumn[term];

    /// <summary>The effect that a column has in a level, effects numbered term by term.</summary>
    public int Effect(int level, int column) => offsetOfColumn[column] + (level * strideOfColumn[column]);

    /// <summary>A matrix over one term's columns as one over all of them (p×p), zero elsewhere.</summary>
    public double[] Embed(int term, ReadOnlySpan<double> matrix)
    {
        var (first, size) = (firstColumn[term], firstColumn[term + 1] - firstColumn[term]);
        var result = new double[Count * Count];
        for (var j = 0; j < size; j++) matrix.Slice(j * size, size).CopyTo(result.AsSpan(first + ((first + j) * Count)));
        return result;
    }

    /// <summary>Writes the part of a matrix over all columns that belongs to one term.</summary>
    public void Extract(int term, ReadOnlySpan<double> matrix, Span<double> part)
    {
        var (first, size) = (firstColumn[term], firstColumn[term + 1] - firstColumn[term]);
        for (var j = 0; j < size; j++) matrix.Slice(first + ((first + j) * Count), size).CopyTo(part[(j * size)..]);
    }

    /// <summary>The full matrix (p×p) of a packed symmetric one.</summary>
    public double[] Unpack(ReadOnlySpan<double> packed)
    {
        var full = new double[Count * Count];
        for (var j = 0; j < Count; j++)
        {
            for (var i = 0; i < Count; i++) full[i + (j * Count)] = packed[PackedIndex(i, j)];
        }

        return full;
    }
}
