using System.Diagnostics;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>A block of V = Σ Z_t(I ⊗ G_t)Z_t' + sigma² W⁻¹, dense.</summary>
internal static class MarginalBlock
{
    /// <summary>The rows a block may have: 200 MB, and sums over pairs of rows that take a second.</summary>
    public const int RowLimit = 5_000;

    /// <summary>The block of some rows, m×m column-major. O(m² Σ p_t).</summary>
    /// <param name="data">The data.</param>
    /// <param name="G">A term: p_t×p_t covariance of a level's effects, in the response's unit squared.</param>
    /// <param name="sigma">The residual standard deviation of a row of weight 1.</param>
    /// <param name="rows">m zero-based rows of the data.</param>
    public static double[] Of(LinearData data, IReadOnlyList<double[]> G, double sigma, ReadOnlySpan<int> rows)
    {
        Debug.Assert(rows.Length <= RowLimit, "the caller refuses larger blocks");
        var m = rows.Length;
        var V = new double[m * m];
        for (var t = 0; t < data.Terms.Count; t++)
        {
            if (data.Terms[t].HasSeveralLevels) AddEntries(data.Terms[t], G[t], rows, V);
            else AddTerm(data.Terms[t], G[t], data.n, rows, V);
        }

        for (var a = 0; a < m; a++)
            V[a * (m + 1)] += sigma * sigma / (data.Weights.IsEmpty ? 1 : data.Weights.Span[rows[a]]);
        Symmetric.MirrorLower(V, m, m);
        return V;
    }

    private static void AddTerm(RandomTermData term, double[] G, int n, ReadOnlySpan<int> rows, double[] V)
    {
        var (m, p) = (rows.Length, term.Dimension);
        var levels = term.LevelOfRow.Span;
        var z = new double[m * p];
        for (var a = 0; a < m; a++)
        {
            for (var j = 0; j < p; j++) z[(a * p) + j] = term.Z.Span[rows[a] + (j * n)];
        }

        Span<double> Gz = new double[p];
        for (var b = 0; b < m; b++)
        {
            Gz.Clear();
            for (var j = 0; j < p; j++) Vectors.AddScaled(z[(b * p) + j], G.AsSpan(j * p, p), Gz);
            for (var a = b; a < m; a++)
            {
                if (levels[rows[a]] == levels[rows[b]]) V[a + (b * m)] += Vectors.Dot(z.AsSpan(a * p, p), Gz);
            }
        }
    }

    /// <summary>Rows of several levels: Z_e'G Z_f over the entries of both rows that share a level.</summary>
    private static void AddEntries(RandomTermData term, double[] G, ReadOnlySpan<int> rows, double[] V)
    {
        var (m, p) = (rows.Length, term.Dimension);
        var levels = term.LevelOfRow.Span;
        var entries = levels.Length;
        Span<double> Gz = new double[p];
        for (var b = 0; b < m; b++)
        {
            var (first, end) = term.Entries(rows[b]);
            for (var e = first; e < end; e++)
            {
                Gz.Clear();
                for (var j = 0; j < p; j++) Vectors.AddScaled(term.Z.Span[e + (j * entries)], G.AsSpan(j * p, p), Gz);
                for (var a = b; a < m; a++)
                {
                    var (start, stop) = term.Entries(rows[a]);
                    for (var f = start; f < stop; f++)
                    {
                        if (levels[f] != levels[e]) continue;
                        for (var j = 0; j < p; j++) V[a + (b * m)] += term.Z.Span[f + (j * entries)] * Gz[j];
                    }
                }
            }
        }
    }
}
