using System.Runtime.CompilerServices;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <content>
/// The conditional variances of rows, a leading level at a time. With V = H_lA_lb, N_l the part of N that the level meets and K = V N_l,
/// a row of it has the variance z_1'(H_l + K V')z_1 − 2 z_1'K z_b + z_b'N_l z_b: the pairs of effects are visited once a level, not once a row.
/// </content>
internal sealed unsafe partial class BorderedSystem
{
    /// <summary>Levels are shared among threads in at most so many parts.</summary>
    private const int MostParts = 16;

    private double[]?[] levelImages = [];
    private int[] firstLevelRow = [];
    private int[] rowsByLevel = [];

    /// <inheritdoc/>
    public override void RowVariances(Span<double> h)
    {
        PrepareDerivatives();
        SortRows();
        var parts = border.IsShareable ? Math.Min(MostParts, leading.Levels) : 1;
        if (levelImages.Length < parts) levelImages = new double[]?[parts];
        fixed (double* start = h)
        {
            var target = start;
            var n = h.Length;
            ThreadTeam.Run(border.IsShareable ? team : null, parts, part =>
            {
                for (var l = part; l < leading.Levels; l += parts) LevelVariances(l, part, new(target, n));
            });
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

    private void SortRows()
    {
        if (firstLevelRow.Length > 0) return;
        rowsByLevel = Terms[leadingTerm].RowsByLevel();
        firstLevelRow = new int[leading.Levels + 1];
        foreach (var level in Terms[leadingTerm].LevelOfRow.Span) firstLevelRow[level + 1]++;
        for (var l = 0; l < leading.Levels; l++) firstLevelRow[l + 1] += firstLevelRow[l];
    }

    private void LevelVariances(int level, int part, Span<double> h)
    {
        var (first, end) = (coupling.Pattern.LevelStart[level], coupling.Pattern.LevelStart[level + 1]);
        var room = levelImages[part] ??= new double[p1 * (coupling.Widest + p1 + 1)];
        var K = room.AsSpan(0, (end - first) * p1);
        var Q = room.AsSpan(K.Length, p1 * p1);
        var z = room.AsSpan(K.Length + Q.Length, p1);
        K.Clear();
        for (var e = first; e < end; e++) AddImage(border.NColumn(coupling.Pattern.Effect[e]), e, first, end, K);
        leading.H.AsSpan(level * p1 * p1, p1 * p1).CopyTo(Q);
        for (var e = 0; e < K.Length; e += p1)
        {
            for (var a = 0; a < p1; a++) Vectors.AddScaled(coupling.HValues[(first * p1) + e + a], K.Slice(e, p1), Q.Slice(a * p1, p1));
        }

        foreach (var row in rowsByLevel.AsSpan(firstLevelRow[level]..firstLevelRow[level + 1])) h[row] = Math.Max(0, RowVariance(row, first, K, Q, z));
    }

    /// <summary>Adds to K = V N_l what column e of N adds, from its diagonal down and by symmetry above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddImage(ReadOnlySpan<double> column, int e, int first, int end, Span<double> K)
    {
        var (effects, V) = (coupling.Pattern.Effect, coupling.HValues);
        if (p1 == 1)
        {
            var (own, sum) = (V[e], 0.0);
            for (var f = e + 1; f < end; f++)
            {
                var n = column[effects[f]];
                sum += n * V[f];
                K[f - first] += n * own;
            }

            K[e - first] += sum + (column[effects[e]] * own);
            return;
        }

        for (var f = e; f < end; f++)
        {
            var n = column[effects[f]];
            for (var a = 0; a < p1; a++)
            {
                K[((e - first) * p1) + a] += n * V[(f * p1) + a];
                if (f != e) K[((f - first) * p1) + a] += n * V[(e * p1) + a];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double RowVariance(int row, int first, ReadOnlySpan<double> K, ReadOnlySpan<double> Q, Span<double> z)
    {
        LeadingWeights(row, z);
        var variance = 0.0;
        for (var a = 0; a < p1; a++) variance += z[a] * Vectors.Dot(Q.Slice(a * p1, p1), z);
        for (var b = 0; b < border.Terms.Count; b++)
        {
            var entry = coupling.Pattern.EntryOfRow[b][row];
            for (var i = 0; i < border.Terms[b].Dimension; i++)
            {
                var zi = Rows.Z(TermOfBorder(b), i)[row];
                var sum = -2 * Vectors.Dot(K.Slice((entry - first + i) * p1, p1), z);
                var effect = coupling.Pattern.Effect[entry + i];
                sum += border.Entry(effect, effect) * zi;
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
