namespace MixedModels.Estimation.Linear;

/// <summary>The one pass over the data: A, C and [X y]'[X y] by blocks. After it no vector of length n is touched again.</summary>
internal sealed class CrossProductPass
{
    private readonly StandardizedData data;
    private readonly int leadingTerm;
    private readonly int[] rowsByLevel;

    public CrossProductPass(StandardizedData data, int leadingTerm, int[] rowsByLevel)
    {
        this.data = data;
        this.leadingTerm = leadingTerm;
        this.rowsByLevel = rowsByLevel;
    }

    /// <summary>Fills the blocks, C (q×m) and the cross-products of [X y] (m×m, lower triangle).</summary>
    public void Fill(LeadingBlocks leading, Coupling coupling, DenseBorder border, int[] borderOffsets, double[] C, double[] cross)
    {
        FillLeading(leading);
        FillCoupling(coupling, borderOffsets);
        FillBorder(border, borderOffsets);
        FillC(C);
        FillCross(data, cross);
    }

    private void FillLeading(LeadingBlocks leading)
    {
        var (n, p) = (data.Data.n, leading.p);
        var levels = data.Data.Terms[leadingTerm].LevelOfRow.Span;
        var Z = data.Z[leadingTerm];
        for (var r = 0; r < n; r++)
        {
            var block = leading.A.AsSpan(levels[r] * p * p, p * p);
            for (var j = 0; j < p; j++)
            {
                for (var i = 0; i < p; i++) block[i + (j * p)] += Z[r + (i * n)] * Z[r + (j * n)];
            }
        }
    }

    private void FillCoupling(Coupling coupling, int[] borderOffsets)
    {
        var n = data.Data.n;
        var terms = data.Data.Terms;
        var levels = terms[leadingTerm].LevelOfRow.Span;
        var Z = data.Z[leadingTerm];
        var p = terms[leadingTerm].Dimension;
        var entryOfEffect = new int[borderOffsets[^1]];
        var mapped = -1;
        foreach (var r in rowsByLevel)
        {
            if (levels[r] != mapped)
            {
                mapped = levels[r];
                coupling.MapEffects(mapped, entryOfEffect);
            }

            for (int t = 0, b = 0; t < terms.Count; t++)
            {
                if (t == leadingTerm) continue;
                var effect = borderOffsets[b++] + (terms[t].LevelOfRow.Span[r] * terms[t].Dimension);
                for (var j = 0; j < terms[t].Dimension; j++)
                {
                    var z = data.Z[t][r + (j * n)];
                    var values = coupling.Values.AsSpan(entryOfEffect[effect + j] * p, p);
                    for (var i = 0; i < p; i++) values[i] += Z[r + (i * n)] * z;
                }
            }
        }
    }

    private void FillBorder(DenseBorder border, int[] borderOffsets)
    {
        var terms = data.Data.Terms;
        for (int t = 0, b = 0; t < terms.Count; t++)
        {
            if (t == leadingTerm) continue;
            for (int s = 0, c = 0; s <= t; s++)
            {
                if (s == leadingTerm) continue;
                AddPair(border, t, borderOffsets[b], s, borderOffsets[c++]);
            }

            b++;
        }
    }

    /// <summary>Adds Z_t'Z_s to the lower triangle, s not after t.</summary>
    private void AddPair(DenseBorder border, int t, int offsetT, int s, int offsetS)
    {
        var n = data.Data.n;
        var (termT, termS) = (data.Data.Terms[t], data.Data.Terms[s]);
        var levelsT = termT.LevelOfRow.Span;
        var levelsS = termS.LevelOfRow.Span;
        for (var j = 0; j < termS.Dimension; j++)
        {
            for (var i = s == t ? j : 0; i < termT.Dimension; i++)
            {
                var zt = data.Z[t].AsSpan(i * n, n);
                var zs = data.Z[s].AsSpan(j * n, n);
                for (var r = 0; r < n; r++)
                {
                    var row = offsetT + (levelsT[r] * termT.Dimension) + i;
                    var column = offsetS + (levelsS[r] * termS.Dimension) + j;
                    border.A[row + (column * border.Order)] += zt[r] * zs[r];
                }
            }
        }
    }

    private void FillC(double[] C)
    {
        var (n, p) = (data.Data.n, data.Data.p);
        var q = C.Length / (p + 1);
        var offset = 0;
        for (var t = 0; t < data.Data.Terms.Count; t++)
        {
            var term = data.Data.Terms[t];
            var levels = term.LevelOfRow.Span;
            for (var c = 0; c <= p; c++)
            {
                var x = c < p ? data.Q.AsSpan(c * n, n) : data.y;
                var column = C.AsSpan((c * q) + offset, term.LevelCount * term.Dimension);
                for (var j = 0; j < term.Dimension; j++)
                {
                    var z = data.Z[t].AsSpan(j * n, n);
                    for (var r = 0; r < n; r++) column[(levels[r] * term.Dimension) + j] += z[r] * x[r];
                }
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
}
