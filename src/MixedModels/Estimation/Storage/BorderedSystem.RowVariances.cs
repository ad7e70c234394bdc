using System.Runtime.CompilerServices;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <content>
/// The conditional variances of rows. With I = D_lA_lb N_l, the border's images of the coupling, and G the leading term's covariance, a row of
/// level l has the variance z_1'(H_l + G I A_blD_l' G)z_1 − 2 z_1'G I z_b + z_b'N_l z_b, because H_l = G D_l.
/// </content>
internal sealed unsafe partial class BorderedSystem
{
    /// <summary>Levels are shared among threads in at most so many parts.</summary>
    private const int MostParts = 16;

    /// <summary>Rows are shared among threads in parts of so many.</summary>
    private const int RowsOfPart = 4096;

    private readonly double[] G;
    private double[] borderDiagonal = [];
    private double[] levelForms = [];

    /// <inheritdoc/>
    public override void RowVariances(Span<double> h)
    {
        PrepareDerivatives();
        if (border.Order > 0) border.RequireEntries();
        leading.WriteCovariance(G);
        if (levelForms.Length == 0) (levelForms, borderDiagonal) = (new double[leading.H.Length], new double[border.Order]);
        for (var j = 0; j < border.Order; j++) borderDiagonal[j] = border.Entry(j, j);
        var threads = border.IsShareable ? team : null;
        var parts = Math.Min(MostParts, leading.Levels);
        ThreadTeam.Run(threads, parts, part =>
        {
            var form = new double[p1 * p1];
            for (var l = (int)((long)part * leading.Levels / parts); l < (part + 1L) * leading.Levels / parts; l++) FillLevelForm(l, form);
        });
        fixed (double* start = h)
        {
            var target = start;
            var n = h.Length;
            ThreadTeam.Run(threads, (n + RowsOfPart - 1) / RowsOfPart, part => FillVariances(part * RowsOfPart, Math.Min(n, (part + 1) * RowsOfPart), new(target, n)));
        }
    }

    /// <inheritdoc/>
    /// <remarks>z_i1'H_l z_j1 where both rows share the leading level, and k_i'N k_j with k = z_b − A_bl H_l z_1.</remarks>
    public override void RowCovariances(ReadOnlySpan<int> rows, Span<double> block)
    {
        PrepareDerivatives();
        var count = rows.Length;
        block[..(count * count)].Clear();
        var z = new double[p1];
        var other = new double[p1];
        var levels = Terms[leadingTerm].LevelOfRow.Span;
        for (var j = 0; j < count; j++)
        {
            LeadingWeights(rows[j], z);
            var H = leading.H.AsSpan(levels[rows[j]] * p1 * p1, p1 * p1);
            for (var i = j; i < count; i++)
            {
                if (levels[rows[i]] != levels[rows[j]]) continue;
                LeadingWeights(rows[i], other);
                for (var a = 0; a < p1; a++) block[i + (j * count)] += z[a] * Vectors.Dot(H.Slice(a * p1, p1), other);
            }
        }

        if (border.Order > 0) AddBorderForms(rows, block);
        Symmetric.MirrorLower(block, count, count);
    }

    /// <summary>block += K'N K, a column of K the weights of a row's border effects.</summary>
    private void AddBorderForms(ReadOnlySpan<int> rows, Span<double> block)
    {
        var weights = new SortedDictionary<int, double[]>();
        var z = new double[p1];
        for (var i = 0; i < rows.Length; i++)
        {
            var level = Terms[leadingTerm].LevelOfRow.Span[rows[i]];
            LeadingWeights(rows[i], z);
            effectsOfRow.Clear();
            weightsOfRow.Clear();
            AddLeadingWeights(level, z);
            for (var b = 0; b < border.Terms.Count; b++)
            {
                var first = coupling.Pattern.EntryOfRow[b][rows[i]];
                for (var a = 0; a < border.Terms[b].Dimension; a++) AddWeight(coupling.Pattern.Effect[first + a], Rows.Z(TermOfBorder(b), a)[rows[i]]);
            }

            for (var e = 0; e < effectsOfRow.Count; e++)
            {
                if (!weights.TryGetValue(effectsOfRow[e], out var own)) weights.Add(effectsOfRow[e], own = new double[rows.Length]);
                own[i] += weightsOfRow[e];
            }
        }

        int[] effects = [.. weights.Keys];
        double[] Kt = [.. weights.Values.SelectMany(own => own)];
        var N = new double[effects.Length * effects.Length];
        border.CopyN(effects, N);
        var product = new double[Kt.Length];
        Product.Add(1, Kt, rows.Length, false, N, effects.Length, false, product, rows.Length, rows.Length, effects.Length, effects.Length);
        Product.Add(1, product, rows.Length, false, Kt, rows.Length, true, block, rows.Length, rows.Length, rows.Length, effects.Length);
    }

    private int TermOfBorder(int b) => b < leadingTerm ? b : b + 1;

    private void LeadingWeights(int row, Span<double> z)
    {
        for (var a = 0; a < p1; a++) z[a] = Rows.Z(leadingTerm, a)[row];
    }

    /// <summary>H_l + G I A_blD_l' G of a level.</summary>
    private void FillLevelForm(int level, double[] form)
    {
        var Q = levelForms.AsSpan(level * p1 * p1, p1 * p1);
        leading.H.AsSpan(level * p1 * p1, p1 * p1).CopyTo(Q);
        if (border.Order == 0) return;
        Array.Clear(form);
        border.AddLeadingForm(level, form);
        if (p1 == 1)
        {
            Q[0] += G[0] * form[0] * G[0];
            return;
        }

        Span<double> image = stackalloc double[p1 * p1];
        image.Clear();
        Product.Add(1, G, p1, false, form, p1, false, image, p1, p1, p1, p1);
        Product.Add(1, image, p1, false, G, p1, false, Q, p1, p1, p1, p1);
    }

    private void FillVariances(int from, int to, Span<double> h)
    {
        if (p1 == 1 && border.Order > 0 && border.Order == border.Terms[0].LevelCount)
        {
            FillScalarVariances(from..to, h[from..to]);
            return;
        }

        var (z, g) = (new double[p1], new double[p1]);
        for (var row = from; row < to; row++) h[row] = Math.Max(0, RowVariance(row, z, g));
    }

    /// <summary>Two scalar terms, the commonest crossed model.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FillScalarVariances(Range rows, Span<double> h)
    {
        var other = TermOfBorder(0);
        var levels = Terms[leadingTerm].LevelOfRow.Span[rows];
        var effects = Terms[other].LevelOfRow.Span[rows];
        var entries = coupling.Pattern.EntryOfRow[0].AsSpan(rows);
        var z1 = Rows.Z(leadingTerm, 0)[rows];
        var zb = Rows.Z(other, 0)[rows];
        var images = border.Images;
        var scale = 2 * G[0];
        for (var r = 0; r < h.Length; r++)
        {
            var (own, beside) = (z1[r], zb[r]);
            h[r] = Math.Max(0, (own * ((own * levelForms[levels[r]]) - (scale * beside * images[entries[r]]))) + (beside * beside * borderDiagonal[effects[r]]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double RowVariance(int row, Span<double> z, Span<double> g)
    {
        LeadingWeights(row, z);
        var Q = levelForms.AsSpan(Terms[leadingTerm].LevelOfRow.Span[row] * p1 * p1, p1 * p1);
        var variance = 0.0;
        for (var a = 0; a < p1; a++)
        {
            variance += z[a] * Vectors.Dot(Q.Slice(a * p1, p1), z);
            g[a] = Vectors.Dot(G.AsSpan(a * p1, p1), z);
        }

        for (var b = 0; b < border.Terms.Count; b++)
        {
            var entry = coupling.Pattern.EntryOfRow[b][row];
            for (var i = 0; i < border.Terms[b].Dimension; i++)
            {
                var zi = Rows.Z(TermOfBorder(b), i)[row];
                var sum = -2 * Vectors.Dot(border.Images.Slice((entry + i) * p1, p1), g);
                var effect = coupling.Pattern.Effect[entry + i];
                sum += borderDiagonal[effect] * zi;
                for (var j = 0; j < i; j++) sum += 2 * border.Entry(effect, effect - i + j) * Rows.Z(TermOfBorder(b), j)[row];
                for (var s = 0; s < b; s++)
                {
                    var other = coupling.Pattern.Effect[coupling.Pattern.EntryOfRow[s][row]];
                    for (var j = 0; j < border.Terms[s].Dimension; j++) sum += 2 * border.Entry(effect, other + j) * Rows.Z(TermOfBorder(s), j)[row];
                }

                variance += zi * sum;
            }
        }

        return variance;
    }
}
