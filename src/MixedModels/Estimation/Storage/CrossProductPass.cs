using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Storage;

/// <summary>The one pass over the data: A, C and [X y]'[X y] by blocks. After it no vector of length n is touched again.</summary>
internal sealed class CrossProductPass
{
    private readonly StandardizedData data;

    public CrossProductPass(StandardizedData data) => this.data = data;

    /// <summary>Adds Z_l'Z_l of every level of a term (p×p each).</summary>
    public void FillBlocks(int term, double[] blocks)
    {
        var (n, p) = (data.Data.n, data.Data.Terms[term].Dimension);
        var levels = data.Data.Terms[term].LevelOfRow.Span;
        for (var j = 0; j < p; j++)
        {
            for (var i = 0; i < p; i++) AddProducts(levels, data.Z[term].AsSpan(i * n, n), data.Z[term].AsSpan(j * n, n), blocks.AsSpan(i + (j * p)), p * p);
        }
    }

    /// <summary>Adds the cross-products of a term with others on their pattern.</summary>
    /// <param name="term">The term whose levels the pattern has.</param>
    /// <param name="others">The others, in the pattern's order.</param>
    /// <param name="products">Receives them.</param>
    public void FillProducts(int term, ReadOnlySpan<int> others, TermCrossProducts products)
    {
        var (n, p) = (data.Data.n, products.p);
        for (var t = 0; t < others.Length; t++)
        {
            var entries = products.Pattern.EntryOfRow[t];
            for (var j = 0; j < data.Data.Terms[others[t]].Dimension; j++)
            {
                var other = data.Z[others[t]].AsSpan(j * n, n);
                for (var i = 0; i < p; i++) AddProducts(entries, data.Z[term].AsSpan(i * n, n), other, products.Values.AsSpan((j * p) + i), p);
            }
        }
    }

    /// <summary>Adds Z'[Q y] (q×m).</summary>
    public void FillC(double[] C)
    {
        var (n, p) = (data.Data.n, data.Data.p);
        var q = C.Length / (p + 1);
        var offset = 0;
        for (var t = 0; t < data.Data.Terms.Count; t++)
        {
            var term = data.Data.Terms[t];
            for (var c = 0; c <= p; c++)
            {
                var x = c < p ? data.Q.AsSpan(c * n, n) : data.y;
                for (var j = 0; j < term.Dimension; j++)
                    AddProducts(term.LevelOfRow.Span, data.Z[t].AsSpan(j * n, n), x, C.AsSpan((c * q) + offset + j), term.Dimension);
            }

            offset += term.LevelCount * term.Dimension;
        }
    }

    /// <summary>[Q y]'[Q y], lower triangle.</summary>
    public static void FillCross(StandardizedData data, double[] cross)
    {
        var (n, p) = (data.Data.n, data.Data.p);
        for (var c = 0; c <= p; c++)
        {
            var x = c < p ? data.Q.AsSpan(c * n, n) : data.y;
            for (var d = c; d <= p; d++)
                cross[d + (c * (p + 1))] = LinearAlgebra.Vectors.Dot(x, d < p ? data.Q.AsSpan(d * n, n) : data.y);
        }
    }

    /// <summary>sums[places[r]·stride] += x[r]·z[r] for every row.</summary>
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]
    private static void AddProducts(ReadOnlySpan<int> places, ReadOnlySpan<double> x, ReadOnlySpan<double> z, Span<double> sums, int stride)
    {
        x = x[..places.Length];
        z = z[..places.Length];
        for (var r = 0; r < places.Length; r++) sums[places[r] * stride] += x[r] * z[r];
    }
}
