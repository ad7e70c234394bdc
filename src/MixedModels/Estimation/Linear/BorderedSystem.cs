using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The term with most effects eliminated level by level, everything else as a dense border.
/// </summary>
/// <remarks>
/// With K = Z'V1⁻¹Z, where V1 holds the leading term alone (blocks F_l on its levels, E_lb = D_lA_lb beside them, S0 in the border),
/// B = K − K_·b N K_b· and Z'V0⁻¹[X y] follows in the same way. Without a second term the border is empty.
/// </remarks>
internal sealed class BorderedSystem : PenalizedSystem
{
    private readonly double[] borderC;
    private readonly DenseBorder border;
    private readonly int[] borderOffsets;
    private readonly RandomTermData[] borderTerms;
    private readonly double[] C0;
    private readonly Coupling coupling;
    private readonly double[] cross0;
    private readonly LeadingBlocks leading;
    private readonly int leadingTerm;
    private readonly int p1;
    private double[][] borderT = [];

    public BorderedSystem(StandardizedData data)
        : base(data)
    {
        leadingTerm = MostEffects(Terms);
        var lead = Terms[leadingTerm];
        p1 = lead.Dimension;
        borderTerms = [.. Terms.Where((_, t) => t != leadingTerm)];
        borderOffsets = new int[borderTerms.Length + 1];
        for (var t = 0; t < borderTerms.Length; t++)
            borderOffsets[t + 1] = borderOffsets[t] + (borderTerms[t].LevelCount * borderTerms[t].Dimension);
        var rowsByLevel = RowsByLevel(lead);
        leading = new(lead.LevelCount, p1, m);
        coupling = new(lead, borderTerms, borderOffsets, rowsByLevel);
        border = new(borderOffsets[^1], p1, coupling);
        borderC = new double[border.Order * m];
        cross0 = new double[m * m];
        C0 = new double[q * m];
        new CrossProductPass(data, leadingTerm, rowsByLevel).Fill(leading, coupling, border, borderOffsets, C0, cross0);
        GatherLeading(C0, leading.C);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> C => C0;

    /// <inheritdoc/>
    public override double FormBOperations => (4.0 * border.Order * border.Order * q) + ((double)border.Order * q * p1);

    /// <inheritdoc/>
    protected override bool FactorBlocks(IReadOnlyList<double[]> T)
    {
        borderT = [.. T.Where((_, t) => t != leadingTerm)];
        cross0.CopyTo(Cross, 0);
        LogDeterminant = leading.Factor(T[leadingTerm]);
        leading.SubtractQuadraticForm(Cross);
        coupling.Eliminate(leading);
        FillBorderC();
        if (border.Order > 0) LogDeterminant += border.Factor(borderTerms, borderOffsets, borderT);
        if (!double.IsFinite(LogDeterminant)) return false;
        SolveRightHandSides();
        return true;
    }

    /// <inheritdoc/>
    protected override void InvertBorder()
    {
        if (border.Order > 0) border.Invert(borderTerms, borderOffsets, borderT);
    }

    /// <inheritdoc/>
    public override void SumDiagonalBlocks(int term, Span<double> sum)
    {
        sum.Clear();
        if (term == leadingTerm) SumLeadingBlocks(sum);
        else SumBorderBlocks(BorderIndex(term), sum);
    }

    /// <inheritdoc/>
    public override void ConditionalCovariance(int term, int level, Span<double> block)
    {
        var p = Terms[term].Dimension;
        if (term != leadingTerm)
        {
            var first = borderOffsets[BorderIndex(term)] + (level * p);
            for (var j = 0; j < p; j++) border.N.Slice(first + ((first + j) * border.Order), p).CopyTo(block[(j * p)..]);
            return;
        }

        // L M⁻¹L' of a leading level: H_l + H_lA_lb N A_blH_l, a sum of nonnegative parts.
        leading.H.AsSpan(level * p * p, p * p).CopyTo(block);
        AddBorderForm(level, coupling.HValues, 1, block);
    }

    /// <inheritdoc/>
    public override void ApplyB(ReadOnlySpan<double> U, int columns, Span<double> BU)
    {
        var order = border.Order;
        var start = Offset(leadingTerm);
        var k = new double[order];
        var z = new double[order];
        for (var c = 0; c < columns; c++)
        {
            var u = U.Slice(c * q, q);
            var result = BU.Slice(c * q, q);
            for (var l = 0; l < leading.Levels; l++)
                leading.Multiply(leading.F.AsSpan(l * p1 * p1, p1 * p1), u.Slice(start + (l * p1), p1), result.Slice(start + (l * p1), p1));
            if (order == 0) continue;

            // With k = K_b·U: z = U_b − N k gives B U = [F U + E z; S0 z + E'U].
            GatherBorder(u, z);
            MultiplyS0(z, k);
            AddTransposedCoupling(u[start..], k);
            for (var j = 0; j < order; j++) z[j] -= Vectors.Dot(border.N.Slice(j * order, order), k);
            AddCoupling(z, result[start..]);
            MultiplyS0(z, k);
            AddTransposedCoupling(u[start..], k);
            ScatterBorder(k, result);
        }
    }

    /// <inheritdoc/>
    public override void FormB(Span<double> B)
    {
        var order = border.Order;
        var start = Offset(leadingTerm);
        var n1 = leading.Levels * p1;
        var Kb = new double[(long)order * q];
        B.Clear();
        for (var l = 0; l < leading.Levels; l++)
        {
            for (var j = 0; j < p1; j++)
                leading.F.AsSpan((l * p1 * p1) + (j * p1), p1).CopyTo(B[(start + (l * p1) + ((start + (l * p1) + j) * q))..]);
            for (var e = coupling.LevelStart[l]; e < coupling.LevelStart[l + 1]; e++)
            {
                for (var i = 0; i < p1; i++) Kb[coupling.Effect[e] + ((long)(start + (l * p1) + i) * order)] = coupling.DValues[(e * p1) + i];
            }
        }

        for (var j = 0; j < order; j++) border.S0.AsSpan(j * order, order).CopyTo(Kb.AsSpan(Effect(j, start, n1) * order));
        var NK = new double[(long)order * q];
        Product.Add(1, border.N, order, false, Kb, order, false, NK, order, order, q, order);
        Product.Add(-1, Kb, order, true, NK, order, false, B, q, q, q, order);
        for (var j = 0; j < order; j++)
        {
            var effect = Effect(j, start, n1);
            for (var i = 0; i < q; i++)
            {
                var value = Kb[j + ((long)i * order)];
                B[i + (effect * q)] += value;
                if (i >= start && i < start + n1) B[effect + (i * q)] += value;
            }
        }
    }

    /// <inheritdoc/>
    public override void VisitCrossProducts(CrossProductVisitor visit)
    {
        var start = Offset(leadingTerm);
        var n1 = leading.Levels * p1;
        for (var l = 0; l < leading.Levels; l++)
        {
            var first = start + (l * p1);
            for (var j = 0; j < p1; j++)
            {
                for (var i = j; i < p1; i++) visit(first + i, first + j, leading.A[(l * p1 * p1) + i + (j * p1)]);
            }

            for (var e = coupling.LevelStart[l]; e < coupling.LevelStart[l + 1]; e++)
            {
                for (var i = 0; i < p1; i++) visit(Effect(coupling.Effect[e], start, n1), first + i, coupling.Values[(e * p1) + i]);
            }
        }

        for (var j = 0; j < border.Order; j++)
        {
            for (var i = j; i < border.Order; i++)
            {
                var value = border.A[i + (j * border.Order)];
                if (value != 0) visit(Effect(i, start, n1), Effect(j, start, n1), value);
            }
        }
    }

    /// <summary>The effect that a border effect is in the order of all terms.</summary>
    private static int Effect(int borderEffect, int start, int n1) => borderEffect < start ? borderEffect : borderEffect + n1;

    private static int MostEffects(IReadOnlyList<RandomTermData> terms)
    {
        var most = 0;
        for (var t = 1; t < terms.Count; t++)
        {
            if (terms[t].LevelCount * terms[t].Dimension > terms[most].LevelCount * terms[most].Dimension) most = t;
        }

        return most;
    }

    private static int[] RowsByLevel(RandomTermData term)
    {
        var levels = term.LevelOfRow.Span;
        var next = new int[term.LevelCount + 1];
        foreach (var level in levels) next[level + 1]++;
        for (var l = 0; l < term.LevelCount; l++) next[l + 1] += next[l];
        var rows = new int[levels.Length];
        for (var i = 0; i < levels.Length; i++) rows[next[levels[i]]++] = i;
        return rows;
    }

    private int BorderIndex(int term) => term < leadingTerm ? term : term - 1;

    private void FillBorderC()
    {
        var order = border.Order;
        for (var c = 0; c < m; c++)
        {
            var column = borderC.AsSpan(c * order, order);
            GatherBorder(C0.AsSpan(c * q, q), column);
            for (var e = 0; e < coupling.Effect.Length; e++)
            {
                var hc = leading.HC.AsSpan((coupling.LevelOfEntry[e] * p1 * m) + (c * p1), p1);
                var values = coupling.Values.AsSpan(e * p1, p1);
                var sum = 0.0;
                for (var a = 0; a < p1; a++) sum += values[a] * hc[a];
                column[coupling.Effect[e]] -= sum;
            }
        }
    }

    /// <summary>x = L_bS⁻¹L_b'C_b; then VC = K-level right-hand sides less K_·b x, and the last part of the cross-products.</summary>
    private void SolveRightHandSides()
    {
        var order = border.Order;
        var start = Offset(leadingTerm);
        var x = (double[])borderC.Clone();
        if (order > 0)
        {
            BlockScaling.ScaleRows(x, order, m, borderTerms, borderOffsets, borderT, transpose: true);
            border.Solve(x, m);
            BlockScaling.ScaleRows(x, order, m, borderTerms, borderOffsets, borderT, transpose: false);
        }

        for (var c = 0; c < m; c++)
        {
            var xc = x.AsSpan(c * order, order);
            for (var d = c; d < m; d++) Cross[d + (c * m)] -= Vectors.Dot(xc, borderC.AsSpan(d * order, order));
            var result = VC.AsSpan(c * q, q);
            for (var l = 0; l < leading.Levels; l++)
            {
                leading.DC.AsSpan((l * p1 * m) + (c * p1), p1).CopyTo(result[(start + (l * p1))..]);
            }

            for (var j = 0; j < order; j++) xc[j] = -xc[j];
            AddCoupling(xc, result[start..]);
            ScatterBorder(BorderResidual(borderC.AsSpan(c * order, order), xc), result);
        }
    }

    /// <summary>C_b + S0 z, reading only the lower triangle of S0.</summary>
    private double[] BorderResidual(ReadOnlySpan<double> c, ReadOnlySpan<double> z)
    {
        var order = border.Order;
        var result = c.ToArray();
        for (var j = 0; j < order; j++)
        {
            var column = border.S0.AsSpan((j * order) + j, order - j);
            result[j] += Vectors.Dot(column, z[j..]);
            Vectors.AddScaled(z[j], column[1..], result.AsSpan(j + 1));
        }

        return result;
    }

    /// <summary>result = S0 z, once both triangles of S0 are there.</summary>
    private void MultiplyS0(double[] z, double[] result)
    {
        Array.Clear(result);
        for (var j = 0; j < border.Order; j++) Vectors.AddScaled(z[j], border.S0.AsSpan(j * border.Order, border.Order), result);
    }

    /// <summary>result_l += E_l z for every leading level.</summary>
    private void AddCoupling(ReadOnlySpan<double> z, Span<double> result)
    {
        for (var e = 0; e < coupling.Effect.Length; e++)
        {
            var value = z[coupling.Effect[e]];
            var target = result.Slice(coupling.LevelOfEntry[e] * p1, p1);
            for (var a = 0; a < p1; a++) target[a] += coupling.DValues[(e * p1) + a] * value;
        }
    }

    /// <summary>result += Σ_l E_l'u_l.</summary>
    private void AddTransposedCoupling(ReadOnlySpan<double> u, Span<double> result)
    {
        for (var e = 0; e < coupling.Effect.Length; e++)
        {
            var source = u.Slice(coupling.LevelOfEntry[e] * p1, p1);
            var sum = 0.0;
            for (var a = 0; a < p1; a++) sum += coupling.DValues[(e * p1) + a] * source[a];
            result[coupling.Effect[e]] += sum;
        }
    }

    private void GatherLeading(ReadOnlySpan<double> source, double[] target)
    {
        for (var l = 0; l < leading.Levels; l++)
        {
            for (var c = 0; c < m; c++)
                source.Slice((c * q) + Offset(leadingTerm) + (l * p1), p1).CopyTo(target.AsSpan((l * p1 * m) + (c * p1)));
        }
    }

    private void GatherBorder(ReadOnlySpan<double> source, Span<double> target)
    {
        var start = Offset(leadingTerm);
        source[..start].CopyTo(target);
        source[(start + (leading.Levels * p1))..].CopyTo(target[start..]);
    }

    private void ScatterBorder(ReadOnlySpan<double> source, Span<double> target)
    {
        var start = Offset(leadingTerm);
        source[..start].CopyTo(target);
        source[start..].CopyTo(target[(start + (leading.Levels * p1))..]);
    }

    private void SumLeadingBlocks(Span<double> sum)
    {
        for (var l = 0; l < leading.Levels; l++)
        {
            for (var i = 0; i < p1 * p1; i++) sum[i] += leading.F[(l * p1 * p1) + i];
            AddBorderForm(l, coupling.DValues, -1, sum);
        }
    }

    /// <summary>block += sign · V N[effects, effects] V' with V the level's entries of an image of the coupling.</summary>
    private void AddBorderForm(int level, double[] image, double sign, Span<double> block)
    {
        var (first, end) = (coupling.LevelStart[level], coupling.LevelStart[level + 1]);
        Span<double> half = stackalloc double[p1];
        for (var e = first; e < end; e++)
        {
            var column = border.N.Slice(coupling.Effect[e] * border.Order, border.Order);
            half.Clear();
            for (var f = e; f < end; f++)
            {
                var weight = f == e ? 0.5 * column[coupling.Effect[f]] : column[coupling.Effect[f]];
                for (var a = 0; a < p1; a++) half[a] += weight * image[(f * p1) + a];
            }

            for (var b = 0; b < p1; b++)
            {
                var (vb, hb) = (sign * image[(e * p1) + b], sign * half[b]);
                for (var a = 0; a < p1; a++) block[a + (b * p1)] += (half[a] * vb) + (image[(e * p1) + a] * hb);
            }
        }
    }

    /// <summary>Σ_j B_jj over the levels of a border term, with B_bb = S0 − S0 N S0.</summary>
    private void SumBorderBlocks(int index, Span<double> sum)
    {
        var p = borderTerms[index].Dimension;
        var order = border.Order;
        if (p == 1 && borderT[index][0] != 0)
        {
            // S0 N = (B L)L' on the diagonal blocks, so B_jj = (S0 N)_jj / T²: no product of matrices is needed.
            var total = 0.0;
            for (var j = borderOffsets[index]; j < borderOffsets[index + 1]; j++)
                total += Vectors.Dot(border.S0.AsSpan(j * order, order), border.N.Slice(j * order, order));
            sum[0] = total / (borderT[index][0] * borderT[index][0]);
            return;
        }

        var count = borderOffsets[index + 1] - borderOffsets[index];
        var S0b = border.S0.AsSpan(borderOffsets[index] * order, order * count);
        var NS0 = new double[order * count];
        Product.Add(1, border.N, order, false, S0b, order, false, NS0, order, order, count, order);
        for (var first = 0; first < count; first += p)
        {
            for (var j = 0; j < p; j++)
            {
                var column = S0b.Slice((first + j) * order, order);
                for (var i = 0; i < p; i++)
                    sum[i + (j * p)] += column[borderOffsets[index] + first + i] - Vectors.Dot(column, NS0.AsSpan((first + i) * order, order));
            }
        }
    }
}
