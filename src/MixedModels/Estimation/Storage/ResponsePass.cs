using MixedModels.Estimation.Linear;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>The part of the pass over the data that a new response needs: Z'y and [X y]'y.</summary>
internal static class ResponsePass
{
    /// <summary>Writes Z'y (q), effects numbered term by term.</summary>
    public static void FillC(StandardizedData data, Span<double> Cy)
    {
        Cy.Clear();
        var n = data.Data.n;
        var offset = 0;
        for (var t = 0; t < data.Data.Terms.Count; t++)
        {
            var term = data.Data.Terms[t];
            for (var j = 0; j < term.Dimension; j++) AddProducts(term.LevelOfRow.Span, data.Z[t].AsSpan(j * n, n), data.y, Cy[(offset + j)..], term.Dimension);
            offset += term.LevelCount * term.Dimension;
        }
    }

    /// <summary>Writes the last row of the lower triangle of [Q y]'[Q y] (m×m).</summary>
    public static void FillCross(StandardizedData data, double[] cross)
    {
        var (n, p) = (data.Data.n, data.Data.p);
        for (var c = 0; c < p; c++) cross[p + (c * (p + 1))] = Vectors.Dot(data.Q.AsSpan(c * n, n), data.y);
        cross[p + (p * (p + 1))] = Vectors.Dot(data.y, data.y);
    }

    private static void AddProducts(ReadOnlySpan<int> levels, ReadOnlySpan<double> z, ReadOnlySpan<double> y, Span<double> sums, int stride)
    {
        for (var r = 0; r < levels.Length; r++) sums[levels[r] * stride] += z[r] * y[r];
    }
}
