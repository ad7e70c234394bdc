using System.Runtime.CompilerServices;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <content>
/// The conditional variances of rows. With V = H_lA_lb, N_l the part of N that a leading level meets and K = V N_l, a row of the level has
/// the variance z_1'(H_l + K V')z_1 − 2 z_1'K z_b + z_b'N_l z_b: pairs of effects are visited once a level, not once a row.
/// </content>
internal sealed unsafe partial class BorderedSystem
{
    /// <summary>Levels are shared among threads in at most so many parts.</summary>
    private const int MostParts = 16;

    /// <summary>Columns of N in so many parts, each with images of its own that are added up in order.</summary>
    private const int ImageParts = 4;

    private int[] firstLevelRow = [];
    private double[][] images = [];
    private int[] rowsByLevel = [];

    /// <inheritdoc/>
    public override void RowVariances(Span<double> h)
    {
        PrepareDerivatives();
        if (border.Order > 0) border.RequireEntries();
        SortRows();
        var threads = border.IsShareable ? team : null;
        if (border.Order > 0) ThreadTeam.Run(threads, images.Length, FillImage);
        for (var part = 1; part < images.Length; part++) Vectors.AddScaled(1, images[part], images[0]);
        var parts = Math.Min(MostParts, leading.Levels);
        fixed (double* start = h)
        {
            var target = start;
            var n = h.Length;
            ThreadTeam.Run(threads, parts, part =>
            {
                var (Q, z) = (new double[p1 * p1], new double[p1]);
                for (var l = (int)((long)part * leading.Levels / parts); l < (part + 1L) * leading.Levels / parts; l++) LevelVariances(l, Q, z, new(target, n));
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
        images = [.. Enumerable.Range(0, border.IsShareable ? ImageParts : 1).Select(_ => new double[coupling.Values.Length])];
    }

    /// <summary>What every so many-th column of N adds to K = V N_l, for all levels at once: the column stays in the nearest cache.</summary>
    private void FillImage(int part)
    {
        var (pattern, K) = (coupling.Pattern, images[part]);
        Array.Clear(K);
        for (var j = part; j < border.Order; j += images.Length)
        {
            var column = border.NColumn(j);
            for (var k = pattern.EffectStart[j]; k < pattern.EffectStart[j + 1]; k++)
            {
                var entry = pattern.EntryOfEffect[k];
                AddImage(column, entry, pattern.LevelStart[pattern.LevelOfEntry[entry] + 1], K);
            }
        }
    }

    private void LevelVariances(int level, double[] Q, double[] z, Span<double> h)
    {
        var (first, end) = (coupling.Pattern.LevelStart[level] * p1, coupling.Pattern.LevelStart[level + 1] * p1);
        leading.H.AsSpan(level * p1 * p1, p1 * p1).CopyTo(Q);
        for (var e = first; e < end; e += p1)
        {
            for (var a = 0; a < p1; a++)
            {
                for (var b = 0; b < p1; b++) Q[b + (a * p1)] += coupling.HValues[e + a] * images[0][e + b];
            }
        }

        var rows = rowsByLevel.AsSpan(firstLevelRow[level]..firstLevelRow[level + 1]);
        if (p1 == 1 && border.Order > 0 && border.Order == border.Terms[0].LevelCount) ScalarVariances(rows, Q[0], h);
        else
        {
            foreach (var row in rows) h[row] = Math.Max(0, RowVariance(row, Q, z));
        }
    }

    /// <summary>Two scalar terms, the commonest crossed model.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ScalarVariances(ReadOnlySpan<int> rows, double Q, Span<double> h)
    {
        var (effects, entries, K) = (coupling.Pattern.Effect, coupling.Pattern.EntryOfRow[0], images[0]);
        var z1 = Rows.Z(leadingTerm, 0);
        var zb = Rows.Z(TermOfBorder(0), 0);
        foreach (var row in rows)
        {
            var entry = entries[row];
            h[row] = Math.Max(0, (z1[row] * ((z1[row] * Q) - (2 * zb[row] * K[entry]))) + (zb[row] * zb[row] * border.Entry(effects[entry], effects[entry])));
        }
    }

    /// <summary>Adds to K = V N_l what the column of entry e adds, from its diagonal down and by symmetry above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddImage(ReadOnlySpan<double> column, int e, int end, double[] K)
    {
        fixed (double* n = column, V = coupling.HValues, target = K)
        {
            fixed (int* effects = coupling.Pattern.Effect)
            {
                if (p1 == 1) AddScalarImage(n, V, target, effects, e, end);
                else
                {
                    for (var f = e; f < end; f++)
                    {
                        var weight = n[effects[f]];
                        for (var a = 0; a < p1; a++)
                        {
                            target[(e * p1) + a] += weight * V[(f * p1) + a];
                            if (f != e) target[(f * p1) + a] += weight * V[(e * p1) + a];
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddScalarImage(double* n, double* V, double* K, int* effects, int e, int end)
    {
        var own = V[e];
        double even = n[effects[e]] * own, odd = 0;
        var f = e + 1;
        for (; f + 2 <= end; f += 2)
        {
            double first = n[effects[f]], second = n[effects[f + 1]];
            even += first * V[f];
            odd += second * V[f + 1];
            K[f] += first * own;
            K[f + 1] += second * own;
        }

        for (; f < end; f++)
        {
            even += n[effects[f]] * V[f];
            K[f] += n[effects[f]] * own;
        }

        K[e] += even + odd;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double RowVariance(int row, ReadOnlySpan<double> Q, Span<double> z)
    {
        ReadOnlySpan<double> K = images[0];
        LeadingWeights(row, z);
        var variance = 0.0;
        for (var a = 0; a < p1; a++) variance += z[a] * Vectors.Dot(Q.Slice(a * p1, p1), z);
        for (var b = 0; b < border.Terms.Count; b++)
        {
            var entry = coupling.Pattern.EntryOfRow[b][row];
            for (var i = 0; i < border.Terms[b].Dimension; i++)
            {
                var zi = Rows.Z(TermOfBorder(b), i)[row];
                var sum = -2 * Vectors.Dot(K.Slice((entry + i) * p1, p1), z);
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
