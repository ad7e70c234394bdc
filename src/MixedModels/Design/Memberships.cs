namespace MixedModels.Design;

/// <summary>The levels of a multi-membership term that each row belongs to, and how much. Immutable.</summary>
/// <remarks>A level that a row names twice stands once, with the sum of its weights.</remarks>
public sealed class Memberships
{
    internal Memberships(int[] rowStart, int[] levels, double[] weights) => (RowStart, Levels, Weights) = (rowStart, levels, weights);

    /// <summary>Row r has the entries from RowStart[r] up to RowStart[r + 1]; n + 1 numbers.</summary>
    public ReadOnlyMemory<int> RowStart { get; }

    /// <summary>The zero-based level of each entry; −1 for one that the design does not have.</summary>
    public ReadOnlyMemory<int> Levels { get; }

    /// <summary>What the level's effect is multiplied by in that row, beside the term's columns.</summary>
    public ReadOnlyMemory<double> Weights { get; }

    /// <summary>The rows of each entry times its weight: entries×p, column-major.</summary>
    internal double[] Expand(ReadOnlySpan<double> Z)
    {
        var (n, entries) = (RowStart.Length - 1, Levels.Length);
        var expanded = new double[n == 0 ? 0 : Z.Length / n * entries];
        for (int column = 0, target = 0; target < expanded.Length; column += n, target += entries)
        {
            for (var r = 0; r < n; r++)
            {
                for (var e = RowStart.Span[r]; e < RowStart.Span[r + 1]; e++) expanded[target + e] = Weights.Span[e] * Z[column + r];
            }
        }

        return expanded;
    }

    /// <summary>The first row with a level that the design does not have; −1 where there is none.</summary>
    internal int FirstUnknownRow()
    {
        var entry = Levels.Span.IndexOf(-1);
        if (entry < 0) return -1;
        var row = 0;
        while (RowStart.Span[row + 1] <= entry) row++;
        return row;
    }
}
