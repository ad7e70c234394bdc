namespace MixedModels.Estimation.Linear;

/// <summary>
/// tr(BQ E_k BQ E_l) for all parameters k of a term t and l of a term s at the price of one pass over the block BQ_ts:
/// the moments W = Σ vec(BQ_lm)vec(BQ_lm)' over its p_t×p_s blocks hold everything.
/// </summary>
internal sealed class BlockTraces
{
    private readonly double[] contracted;
    private readonly int pt;
    private readonly int ps;
    private readonly double[] W;

    public BlockTraces(ReadOnlySpan<double> BQ, int q, PenalizedSystem system, int t, int s)
    {
        (pt, ps) = (system.Terms[t].Dimension, system.Terms[s].Dimension);
        var size = pt * ps;
        W = new double[size * size];
        contracted = new double[ps * ps];
        Span<double> block = new double[size];
        var (endT, endS) = (system.Offset(t) + (system.Terms[t].LevelCount * pt), system.Offset(s) + (system.Terms[s].LevelCount * ps));
        for (var m = system.Offset(s); m < endS; m += ps)
        {
            for (var l = system.Offset(t); l < endT; l += pt)
            {
                for (var j = 0; j < ps; j++) BQ.Slice(l + ((m + j) * q), pt).CopyTo(block[(j * pt)..]);
                for (var j = 0; j < size; j++) LinearAlgebra.Vectors.AddScaled(block[j], block, W.AsSpan(j * size, size));
            }
        }
    }

    /// <summary>Fixes dG_k of term t: contracted[x, b] = Σ dG_k[a, c] W[(a, x), (c, b)].</summary>
    public void Contract(ReadOnlySpan<double> dG)
    {
        Array.Clear(contracted);
        for (var c = 0; c < pt; c++)
        {
            for (var a = 0; a < pt; a++)
            {
                var weight = dG[a + (c * pt)];
                if (weight == 0) continue;
                for (var b = 0; b < ps; b++)
                {
                    for (var x = 0; x < ps; x++)
                        contracted[x + (b * ps)] += weight * W[a + (x * pt) + ((c + (b * pt)) * pt * ps)];
                }
            }
        }
    }

    /// <summary>The trace with dG_l of term s.</summary>
    public double With(ReadOnlySpan<double> dG) => LinearAlgebra.Vectors.Dot(contracted, dG);
}
