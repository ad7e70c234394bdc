namespace MixedModels.Estimation.Marginal;

/// <summary>W = R⁻½ row by row, over the rows of the data: which rows each reaches over, and its numbers there. A workspace of one thread.</summary>
internal sealed class WhiteningRows
{
    private readonly IReadOnlyList<BandedPrecision> subjects;
    private readonly int[] starts;
    private readonly int[] rows;
    private readonly double[] weights;

    /// <summary>Lays the rows out. O(n × reach).</summary>
    public WhiteningRows(IReadOnlyList<BandedPrecision> subjects, int n)
    {
        this.subjects = subjects;
        starts = new int[n + 1];
        foreach (var (row, window) in Windows(subjects)) starts[row + 1] = window.Length;
        for (var r = 0; r < n; r++) starts[r + 1] += starts[r];
        (rows, weights) = (new int[starts[n]], new double[starts[n]]);
        foreach (var (row, window) in Windows(subjects)) window.CopyTo(rows.AsMemory(starts[row]));
    }

    /// <summary>n.</summary>
    public int Count => starts.Length - 1;

    /// <summary>The numbers of W for a pattern list, to be told before they are laid out.</summary>
    public static double Entries(IEnumerable<BandedPrecision> subjects) => subjects.Sum(own =>
    {
        var (n, reach) = ((double)own.Pattern.Order, (double)Math.Min(own.Reach, own.Pattern.Order - 1));
        return own.Pattern.Blocks.Count * ((n * (reach + 1)) - (reach * (reach + 1) / 2));
    });

    /// <summary>The rows over which row r of W reaches, itself the last.</summary>
    public ReadOnlySpan<int> Rows(int r) => rows.AsSpan(starts[r]..starts[r + 1]);

    /// <summary>The numbers of W there.</summary>
    public ReadOnlySpan<double> Weights(int r) => weights.AsSpan(starts[r]..starts[r + 1]);

    /// <summary>Takes the numbers of the last evaluation.</summary>
    public void Fill()
    {
        foreach (var own in subjects)
        {
            var first = own.Pattern.Blocks[0];
            for (var i = 0; i < first.Length; i++)
            {
                var low = Math.Max(0, i - own.Reach);
                for (var j = low; j <= i; j++)
                {
                    var weight = own.Weight(i, j);
                    foreach (var block in own.Pattern.Blocks) weights[starts[block[i]] + j - low] = weight;
                }
            }
        }
    }

    private static IEnumerable<(int Row, ReadOnlyMemory<int> Window)> Windows(IReadOnlyList<BandedPrecision> subjects)
    {
        foreach (var own in subjects)
        {
            foreach (var block in own.Pattern.Blocks)
            {
                for (var i = 0; i < block.Length; i++) yield return (block[i], block.AsMemory(Math.Max(0, i - own.Reach)..(i + 1)));
            }
        }
    }
}
