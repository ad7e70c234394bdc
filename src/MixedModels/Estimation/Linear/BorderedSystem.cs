using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Linear;

/// <summary>
/// The term with most effects eliminated level by level, everything else as a border, dense or sparse.
/// </summary>
/// <remarks>
/// With B1 = Z'V1⁻¹Z, where V1 holds the leading term alone (blocks F_l on its levels, D_lA_lb beside them, S0 in the border),
/// B = B1 − B1_·b N B1_b· and Z'V0⁻¹[X y] follows in the same way. Without a second term the border is empty.
/// </remarks>
internal sealed class BorderedSystem : PenalizedSystem
{
    private readonly Border border;
    private readonly double[] borderC;
    private readonly double[] C0;
    private readonly Coupling coupling;
    private readonly double[] cross0;
    private readonly LeadingBlocks leading;
    private readonly int leadingTerm;
    private readonly int p1;
    private readonly CouplingPattern pattern;

    private readonly ThreadTeam? team;
    private readonly double[] x;

    public BorderedSystem(StandardizedData data, BlockPlan plan, ThreadTeam? team = null)
        : base(data)
    {
        this.team = team;
        leadingTerm = plan.LeadingTerm;
        var lead = Terms[leadingTerm];
        p1 = lead.Dimension;
        pattern = plan.Coupling;
        leading = new(lead.LevelCount, p1, m);
        coupling = new(pattern, p1);
        border = plan.Symbolic is { } symbolic
            ? new SparseBorder(plan.BorderTerms, plan.BorderOffsets, coupling, leading, symbolic)
            : new DenseBorder(plan.BorderTerms, plan.BorderOffsets, coupling, leading, team);
        borderC = new double[border.Order * m];
        x = new double[border.Order * m];
        cross0 = new double[m * m];
        C0 = new double[q * m];
        new CrossProductPass(data, leadingTerm, plan.RowsByLevel).Fill(leading, coupling, border, plan.BorderOffsets, C0, cross0);
        GatherLeading(C0, leading.C);
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> C => C0;

    /// <inheritdoc/>
    public override double FormBOperations => (4.0 * border.Order * border.Order * q) + ((double)border.Order * q * p1);

    /// <inheritdoc/>
    protected override void FillResponse(StandardizedData data)
    {
        ResponsePass.FillC(data, C0.AsSpan((m - 1) * q));
        ResponsePass.FillCross(data, cross0);
        GatherLeading(C0, leading.C);
    }

    /// <inheritdoc/>
    protected override bool FactorBlocks(IReadOnlyList<double[]> T)
    {
        cross0.CopyTo(Cross, 0);
        LogDeterminant = leading.Factor(T[leadingTerm]);
        leading.SubtractQuadraticForm(Cross);
        coupling.Eliminate(leading);
        FillBorderC();
        if (border.Order > 0) LogDeterminant += border.Factor([.. T.Where((_, t) => t != leadingTerm)]);
        if (!double.IsFinite(LogDeterminant)) return false;
        SolveRightHandSides();
        return true;
    }

    /// <inheritdoc/>
    protected override void InvertBorder()
    {
        if (border.Order > 0) border.Invert();
    }

    /// <inheritdoc/>
    public override void SumDiagonalBlocks(int term, Span<double> sum)
    {
        sum.Clear();
        if (term == leadingTerm) SumLeadingBlocks(sum);
        else border.SumDiagonalBlocks(BorderIndex(term), sum);
    }

    /// <inheritdoc/>
    public override void ConditionalCovariance(int term, int level, Span<double> block)
    {
        var p = Terms[term].Dimension;
        if (term != leadingTerm)
        {
            var first = border.Offsets[BorderIndex(term)] + (level * p);
            for (var j = 0; j < p; j++)
            {
                border.NColumn(first + j).Slice(first + j, p - j).CopyTo(block[(j + (j * p))..]);
                for (var i = j + 1; i < p; i++) block[j + (i * p)] = block[i + (j * p)];
            }

            return;
        }

        // L M⁻¹L' of a leading level: H_l + H_lA_lb N A_blH_l, a sum of nonnegative parts.
        leading.H.AsSpan(level * p * p, p * p).CopyTo(block);
        AddBorderForm(level, coupling.HValues, block);
    }

    /// <inheritdoc/>
    public override void CrossProductBlock(int term, int level, Span<double> block)
    {
        if (term == leadingTerm) leading.A.AsSpan(level * p1 * p1, p1 * p1).CopyTo(block);
        else border.CrossProductBlock(BorderIndex(term), level, block);
    }

    /// <inheritdoc/>
    public override void ApplyB(ReadOnlySpan<double> U, int columns, Span<double> BU)
    {
        var order = border.Order;
        var start = Offset(leadingTerm);
        var k = new double[order];
        var Nk = new double[order];
        var z = new double[order];
        for (var c = 0; c < columns; c++)
        {
            var u = U.Slice(c * q, q);
            var result = BU.Slice(c * q, q);
            for (var l = 0; l < leading.Levels; l++)
                leading.Multiply(leading.F.AsSpan(l * p1 * p1, p1 * p1), u.Slice(start + (l * p1), p1), result.Slice(start + (l * p1), p1));
            if (order == 0) continue;

            // With k = B1_b·U: z = U_b − N k gives B U = [F U + DA z; S0 z + (DA)'U].
            GatherBorder(u, z);
            border.MultiplyS0(z, k);
            AddTransposedCoupling(u[start..], k);
            border.MultiplyN(k, Nk);
            Vectors.AddScaled(-1, Nk, z);
            AddCoupling(z, result[start..]);
            border.MultiplyS0(z, k);
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
        var B1b = new double[(long)order * q];
        B.Clear();
        for (var l = 0; l < leading.Levels; l++)
        {
            for (var j = 0; j < p1; j++)
                leading.F.AsSpan((l * p1 * p1) + (j * p1), p1).CopyTo(B[(start + (l * p1) + ((start + (l * p1) + j) * q))..]);
            for (var e = pattern.LevelStart[l]; e < pattern.LevelStart[l + 1]; e++)
            {
                for (var i = 0; i < p1; i++) B1b[pattern.Effect[e] + ((long)(start + (l * p1) + i) * order)] = coupling.DValues[(e * p1) + i];
            }
        }

        var S0 = new double[(long)order * order];
        var N = new double[(long)order * order];
        border.Expand(S0, N);
        for (var j = 0; j < order; j++) S0.AsSpan(j * order, order).CopyTo(B1b.AsSpan(Effect(j, start, n1) * order));
        var NB1 = new double[(long)order * q];
        Product.Add(1, N, order, false, B1b, order, false, NB1, order, order, q, order, team);
        Product.Add(-1, B1b, order, true, NB1, order, false, B, q, q, q, order, team);
        for (var j = 0; j < order; j++)
        {
            var effect = Effect(j, start, n1);
            for (var i = 0; i < q; i++)
            {
                var value = B1b[j + ((long)i * order)];
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

            for (var e = pattern.LevelStart[l]; e < pattern.LevelStart[l + 1]; e++)
            {
                for (var i = 0; i < p1; i++) visit(Effect(pattern.Effect[e], start, n1), first + i, coupling.Values[(e * p1) + i]);
            }
        }

        border.VisitCrossProducts((i, j, value) => visit(Effect(i, start, n1), Effect(j, start, n1), value));
    }

    /// <summary>The effect that a border effect is in the order of all terms.</summary>
    private static int Effect(int borderEffect, int start, int n1) => borderEffect < start ? borderEffect : borderEffect + n1;

    private int BorderIndex(int term) => term < leadingTerm ? term : term - 1;

    private void FillBorderC()
    {
        var order = border.Order;
        for (var c = 0; c < m; c++)
        {
            var column = borderC.AsSpan(c * order, order);
            GatherBorder(C0.AsSpan(c * q, q), column);
            for (var e = 0; e < pattern.Effect.Length; e++)
            {
                var hc = leading.HC.AsSpan((pattern.LevelOfEntry[e] * p1 * m) + (c * p1), p1);
                var values = coupling.Values.AsSpan(e * p1, p1);
                var sum = 0.0;
                for (var a = 0; a < p1; a++) sum += values[a] * hc[a];
                column[pattern.Effect[e]] -= sum;
            }
        }
    }

    /// <summary>x = L_bS⁻¹L_b'C_b, and the last part of the cross-products.</summary>
    private void SolveRightHandSides()
    {
        var order = border.Order;
        if (order == 0) return;
        borderC.CopyTo(x, 0);
        BlockScaling.ScaleRows(x, order, m, border.Terms, border.Offsets, border.T, transpose: true);
        border.Solve(x, m);
        BlockScaling.ScaleRows(x, order, m, border.Terms, border.Offsets, border.T, transpose: false);
        for (var c = 0; c < m; c++)
        {
            var xc = x.AsSpan(c * order, order);
            for (var d = c; d < m; d++) Cross[d + (c * m)] -= Vectors.Dot(xc, borderC.AsSpan(d * order, order));
        }
    }

    /// <summary>VC = Z'V1⁻¹[X y] less B1_·b x.</summary>
    /// <inheritdoc/>
    protected override void FillVC(Span<double> VC)
    {
        var order = border.Order;
        var start = Offset(leadingTerm);
        var S0x = new double[order];
        var minus = new double[order];
        for (var c = 0; c < m; c++)
        {
            var result = VC.Slice(c * q, q);
            for (var l = 0; l < leading.Levels; l++)
            {
                leading.DC.AsSpan((l * p1 * m) + (c * p1), p1).CopyTo(result[(start + (l * p1))..]);
            }

            for (var j = 0; j < order; j++) minus[j] = -x[j + (c * order)];
            AddCoupling(minus, result[start..]);
            border.MultiplyS0(minus, S0x);
            Vectors.AddScaled(1, borderC.AsSpan(c * order, order), S0x);
            ScatterBorder(S0x, result);
        }
    }

    /// <summary>result_l += D_lA_lb z for every leading level.</summary>
    private void AddCoupling(ReadOnlySpan<double> z, Span<double> result)
    {
        for (var e = 0; e < pattern.Effect.Length; e++)
        {
            var value = z[pattern.Effect[e]];
            var target = result.Slice(pattern.LevelOfEntry[e] * p1, p1);
            for (var a = 0; a < p1; a++) target[a] += coupling.DValues[(e * p1) + a] * value;
        }
    }

    /// <summary>result += Σ_l (D_lA_lb)'u_l.</summary>
    private void AddTransposedCoupling(ReadOnlySpan<double> u, Span<double> result)
    {
        for (var e = 0; e < pattern.Effect.Length; e++)
        {
            var source = u.Slice(pattern.LevelOfEntry[e] * p1, p1);
            var sum = 0.0;
            for (var a = 0; a < p1; a++) sum += coupling.DValues[(e * p1) + a] * source[a];
            result[pattern.Effect[e]] += sum;
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

    /// <summary>Σ_l B_ll = Σ_l F_l − Σ_l D_lA_lb N A_blD_l', the latter one column of N at a time for all levels it meets.</summary>
    private void SumLeadingBlocks(Span<double> sum)
    {
        for (var l = 0; l < leading.Levels; l++)
        {
            for (var i = 0; i < p1 * p1; i++) sum[i] += leading.F[(l * p1 * p1) + i];
        }

        Span<double> half = stackalloc double[p1];
        for (var j = 0; j < border.Order; j++)
        {
            var column = border.NColumn(j);
            for (var k = pattern.EffectStart[j]; k < pattern.EffectStart[j + 1]; k++)
            {
                var entry = pattern.EntryOfEffect[k];
                AddSymmetricForm(column, entry, pattern.LevelStart[pattern.LevelOfEntry[entry] + 1], coupling.DValues, -1, half, sum);
            }
        }
    }

    /// <summary>block += V N[effects, effects] V' with V the level's entries of an image of the coupling.</summary>
    private void AddBorderForm(int level, double[] image, Span<double> block)
    {
        Span<double> half = stackalloc double[p1];
        var end = pattern.LevelStart[level + 1];
        for (var entry = pattern.LevelStart[level]; entry < end; entry++)
            AddSymmetricForm(border.NColumn(pattern.Effect[entry]), entry, end, image, 1, half, block);
    }

    /// <summary>block += sign·Σ_f N[f, e](v_f v_e' + v_e v_f') over the entries f after e of one level, e itself once.</summary>
    private void AddSymmetricForm(
        ReadOnlySpan<double> column, int entry, int end, double[] image, double sign, Span<double> half, Span<double> block)
    {
        if (p1 == 1)
        {
            var total = 0.5 * column[pattern.Effect[entry]] * image[entry];
            for (var f = entry + 1; f < end; f++) total += column[pattern.Effect[f]] * image[f];
            block[0] += 2 * sign * total * image[entry];
            return;
        }

        half.Clear();
        for (var f = entry; f < end; f++)
        {
            var weight = f == entry ? 0.5 * column[pattern.Effect[f]] : column[pattern.Effect[f]];
            for (var a = 0; a < p1; a++) half[a] += weight * image[(f * p1) + a];
        }

        for (var b = 0; b < p1; b++)
        {
            var (vb, hb) = (sign * image[(entry * p1) + b], sign * half[b]);
            for (var a = 0; a < p1; a++) block[a + (b * p1)] += (half[a] * vb) + (image[(entry * p1) + a] * hb);
        }
    }
}
