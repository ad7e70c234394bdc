using MixedModels.Estimation.Storage;

namespace MixedModels.Inference.Linear;

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
        : this(system.Terms[t].Dimension, system.Terms[s].Dimension)
    {
        Span<double> block = new double[pt * ps];
        var (endT, endS) = (system.Offset(t) + (system.Terms[t].LevelCount * pt), system.Offset(s) + (system.Terms[s].LevelCount * ps));
        for (var m = system.Offset(s); m < endS; m += ps)
        {
            for (var l = system.Offset(t); l < endT; l += pt)
            {
                for (var j = 0; j < ps; j++) BQ.Slice(l + ((m + j) * q), pt).CopyTo(block[(j * pt)..]);
                Add(block);
            }
        }
    }

    private BlockTraces(int pt, int ps)
    {
        (this.pt, this.ps) = (pt, ps);
        W = new double[pt * ps * pt * ps];
        contracted = new double[ps * ps];
    }

    /// <summary>The traces of a block-diagonal matrix of one term; its p×p blocks stand below one another in q×p.</summary>
    public static BlockTraces OfDiagonal(ReadOnlySpan<double> blocks, int q, int p)
    {
        var traces = new BlockTraces(p, p);
        Span<double> block = new double[p * p];
        for (var l = 0; l < q; l += p)
        {
            for (var j = 0; j < p; j++) blocks.Slice(l + (j * q), p).CopyTo(block[(j * p)..]);
            traces.Add(block);
        }

        return traces;
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

    private void Add(ReadOnlySpan<double> block)
    {
        for (var j = 0; j < block.Length; j++) LinearAlgebra.Vectors.AddScaled(block[j], block, W.AsSpan(j * block.Length, block.Length));
    }
}
