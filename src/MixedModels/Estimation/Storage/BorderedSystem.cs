using System.Runtime.InteropServices;
using MixedModels.Estimation.Linear;
using MixedModels.Execution;
using MixedModels.LinearAlgebra;

namespace MixedModels.Estimation.Storage;

/// <summary>
/// The term with most effects eliminated level by level, everything else as a border, dense or sparse.
/// </summary>
/// <remarks>
/// With B1 = Z'V1⁻¹Z, where V1 holds the leading term alone (blocks F_l on its levels, D_lA_lb beside them, S0 in the border),
/// B = B1 − B1_·b N B1_b· and Z'V0⁻¹[X y] follows in the same way. Without a second term the border is empty.
/// </remarks>
internal sealed partial class BorderedSystem : PenalizedSystem
{
    /// <summary>Leading levels whose Z'V0⁻¹[X y] are made as rows before they are written as columns: they stay in the nearest cache.</summary>
    private const int LevelChunk = 64;

    private readonly Border border;
    private readonly double[] C0;
    private readonly Coupling coupling;
    private readonly double[] cross0;
    private readonly LeadingBlocks leading;
    private readonly int leadingTerm;
    private readonly int p1;
    private readonly ThreadTeam? team;

    // Columns of the border's and the leading term's part of whatever is at work.
    private double[] atBorder = [];
    private double[] atBorderToo = [];
    private double[] B1b = [];

    // A row as a sparse vector of border effects.
    private readonly List<int> effectsOfRow = [];
    private readonly List<double> weightsOfRow = [];

    // The columns beside Z at the border, an effect a row: C_b, C_b − Σ_l A_blH_lC_l, and x = N times that.
    private readonly double[] borderC;
    private readonly double[] reducedC;
    private readonly double[] x;

    // Z'V0⁻¹[X y] of some leading levels, and of the border.
    private readonly double[] leadingRows;
    private readonly double[] borderRows;
    private readonly int width;

    public BorderedSystem(SystemRows rows, BlockPlan plan, ThreadTeam? team = null)
        : base(rows)
    {
        this.team = team;
        leadingTerm = plan.LeadingTerm;
        var lead = Terms[leadingTerm];
        p1 = lead.Dimension;
        G = new double[p1 * p1];
        leading = new(lead.LevelCount, p1, m);
        coupling = new(plan.Coupling, p1);
        border = plan.Symbolic is { } symbolic
            ? new SparseBorder(plan.BorderTerms, plan.BorderOffsets, coupling, leading, symbolic)
            : new DenseBorder(plan.BorderTerms, plan.BorderOffsets, coupling, leading, team);
        width = SideRows.Width(m);
        borderC = new double[border.Order * width];
        reducedC = new double[border.Order * width];
        x = new double[border.Order * width];
        borderRows = new double[border.Order * width];
        leadingRows = new double[Math.Min(lead.LevelCount, LevelChunk) * p1 * width];
        cross0 = new double[m * m];
        C0 = new double[q * m];
        FillProducts();
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<double> C => C0;

    /// <inheritdoc/>
    public override double FormBOperations => ((double)border.Order * border.Order * q) + ((double)border.Order * q * q);

    /// <inheritdoc/>
    protected override void FillResponse(StandardizedData data)
    {
        ResponsePass.FillC(data, C0.AsSpan((m - 1) * q));
        ResponsePass.FillCross(data, cross0);
        TakeSides();
    }

    /// <inheritdoc/>
    protected override bool FactorBlocks(IReadOnlyList<double[]> T)
    {
        cross0.CopyTo(Cross, 0);
        LogDeterminant = leading.Factor(T[leadingTerm]);
        if (!double.IsFinite(LogDeterminant)) return false;
        SideRows.SubtractProducts(leading.C, leading.HC, m, Cross);
        coupling.Eliminate(leading);
        borderC.CopyTo(reducedC, 0);
        CouplingSides.SubtractTransposed(coupling.Pattern, p1, coupling.Values, leading.HC, width, reducedC);
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
        PrepareDerivatives();
        sum.Clear();
        if (term == leadingTerm) SumLeadingBlocks(sum);
        else border.SumDiagonalBlocks(BorderIndex(term), sum);
    }

    /// <inheritdoc/>
    public override void ConditionalCovariance(int term, int level, Span<double> block)
    {
        PrepareDerivatives();
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
        if (border.Order > 0) border.AddForm(level, coupling.HValues, block);
    }

    /// <inheritdoc/>
    /// <remarks>L M⁻¹L' = [H 0; 0 0] + [−H A_1b; I] N [−A_b1H I]: z_1'H_l z_1 + k'N k with k = z_b − A_bl H_l z_1.</remarks>
    public override double ConditionalVariance(ReadOnlySpan<int> levels, ReadOnlySpan<double> z)
    {
        PrepareDerivatives();
        var variance = 0.0;
        effectsOfRow.Clear();
        weightsOfRow.Clear();
        for (int t = 0, first = 0; t < levels.Length; first += Terms[t].Dimension, t++)
        {
            if (levels[t] < 0) continue;
            var own = z.Slice(first, Terms[t].Dimension);
            if (t == leadingTerm) variance = AddLeadingWeights(levels[t], own);
            else
            {
                for (var j = 0; j < own.Length; j++) AddWeight(border.Offsets[BorderIndex(t)] + (levels[t] * own.Length) + j, own[j]);
            }
        }

        if (effectsOfRow.Count > 0) variance += border.Form(CollectionsMarshal.AsSpan(effectsOfRow), CollectionsMarshal.AsSpan(weightsOfRow));
        return Math.Max(0, variance);
    }

    /// <inheritdoc/>
    public override void CrossProductBlock(int term, int level, Span<double> block)
    {
        if (term == leadingTerm) leading.A.AsSpan(level * p1 * p1, p1 * p1).CopyTo(block);
        else border.A.Blocks[BorderIndex(term)].AsSpan(level * block.Length, block.Length).CopyTo(block);
    }

    /// <inheritdoc/>
    public override void ApplyB(ReadOnlySpan<double> U, int columns, Span<double> BU)
    {
        PrepareDerivatives();
        var order = border.Order;
        var own = LeadingEffects;
        for (var c = 0; c < columns; c++) leading.MultiplyF(U.Slice(c * q, q)[own], BU.Slice(c * q, q)[own]);
        if (order == 0) return;

        // With k = B1_b·U: z = U_b − N k gives B U = [F U + DA z; S0 z + (DA)'U].
        var (z, k) = BorderColumns(columns);
        for (var c = 0; c < columns; c++) GatherBorder(U.Slice(c * q, q), z.AsSpan(c * order, order));
        border.MultiplyS0(z.AsSpan(0, columns * order), columns, k);
        coupling.AddTransposedProduct(1, coupling.DValues, U[own.Start..], q, columns, k, order);
        border.MultiplyN(k.AsSpan(0, columns * order), columns, z);
        for (var c = 0; c < columns; c++)
        {
            var zc = z.AsSpan(c * order, order);
            GatherBorder(U.Slice(c * q, q), k);
            for (var j = 0; j < order; j++) zc[j] = k[j] - zc[j];
        }

        coupling.AddProduct(coupling.DValues, z, order, columns, BU[own.Start..], q);
        border.MultiplyS0(z.AsSpan(0, columns * order), columns, k);
        coupling.AddTransposedProduct(1, coupling.DValues, U[own.Start..], q, columns, k, order);
        for (var c = 0; c < columns; c++) ScatterBorder(k.AsSpan(c * order, order), BU.Slice(c * q, q));
    }

    /// <inheritdoc/>
    public override void FormB(Span<double> B)
    {
        var order = border.Order;
        var (start, end) = (LeadingEffects.Start.Value, LeadingEffects.End.Value);
        FormB1b();
        for (var l = 0; l < leading.Levels; l++)
        {
            var first = start + (l * p1);
            for (var c = first; c < first + p1; c++) B[((c * q) + c)..((c * q) + end)].Clear();
            for (var j = 0; j < p1; j++) leading.F.AsSpan((l * p1 * p1) + (j * p1), p1).CopyTo(B[(first + ((first + j) * q))..]);
        }

        // Below the diagonal stand B1_b· in the columns before the later border effects, and its transpose under the earlier ones.
        for (var c = 0; c < q; c++)
        {
            var later = Math.Max(c, end);
            B1b.AsSpan((c * order) + later - end + start, q - later).CopyTo(B.Slice((c * q) + later, q - later));
            if (c >= start) continue;
            for (var i = c; i < end; i++) B[i + (c * q)] = B1b[c + (i * order)];
        }

        if (order > 0) border.SubtractQuadraticForm(B1b, q, B);
        DiscardPrepared();
    }

    /// <inheritdoc/>
    public override void VisitCrossProducts(CrossProductVisitor visit)
    {
        var start = Offset(leadingTerm);
        var n1 = leading.Levels * p1;
        var pattern = coupling.Pattern;
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

        border.A.Visit((i, j, value) => visit(Effect(i, start, n1), Effect(j, start, n1), value));
    }

    /// <summary>The effect that a border effect is in the order of all terms.</summary>
    private static int Effect(int borderEffect, int start, int n1) => borderEffect < start ? borderEffect : borderEffect + n1;

    /// <summary>Adds −A_bl H_l z_1 to the weights of the border's effects; returns z_1'H_l z_1.</summary>
    private double AddLeadingWeights(int level, ReadOnlySpan<double> z)
    {
        var variance = 0.0;
        var H = leading.H.AsSpan(level * p1 * p1, p1 * p1);
        for (var j = 0; j < p1; j++) variance += z[j] * Vectors.Dot(H.Slice(j * p1, p1), z);
        var pattern = coupling.Pattern;
        for (var e = pattern.LevelStart[level]; e < pattern.LevelStart[level + 1]; e++)
            AddWeight(pattern.Effect[e], -Vectors.Dot(coupling.HValues.AsSpan(e * p1, p1), z));
        return variance;
    }

    private void AddWeight(int effect, double weight)
    {
        effectsOfRow.Add(effect);
        weightsOfRow.Add(weight);
    }

    private int BorderIndex(int term) => term < leadingTerm ? term : term - 1;

    private Range LeadingEffects => Offset(leadingTerm)..Offset(leadingTerm + 1);

    /// <summary>x = L_bS⁻¹L_b'C_b, and the last part of the cross-products.</summary>
    private void SolveRightHandSides()
    {
        if (border.Order == 0 || m == 0) return;
        reducedC.CopyTo(x, 0);
        border.ApplyNToSides(x, m);
        SideRows.SubtractProducts(x, reducedC, m, Cross);
    }

    /// <inheritdoc/>
    /// <remarks>Z'V1⁻¹[X y] less B1_·b x: D_lC_l − Σ_b D_lA_lb x_b of the leading levels, C_b − S0x of the border, C_b without what the leading levels explain.</remarks>
    protected override void FillVC(Span<double> VC)
    {
        if (m == 0) return;
        var (start, end) = (LeadingEffects.Start.Value, LeadingEffects.End.Value);
        for (var first = 0; first < leading.Levels; first += LevelChunk)
        {
            var count = Math.Min(LevelChunk, leading.Levels - first);
            leading.MultiplySides(leading.D, first, count, leadingRows);
            CouplingSides.Subtract(coupling.Pattern, first, count, p1, coupling.DValues, x, width, leadingRows);
            SideRows.ToColumns(leadingRows.AsSpan(0, count * p1 * width), m, VC[(start + (first * p1))..], q);
        }

        if (border.Order == 0) return;
        border.MultiplyS0Sides(x, m, borderRows);
        for (var e = 0; e < borderRows.Length; e++) borderRows[e] = reducedC[e] - borderRows[e];
        SideRows.ToColumns(borderRows.AsSpan(0, start * width), m, VC, q);
        SideRows.ToColumns(borderRows.AsSpan(start * width), m, VC[end..], q);
    }

    /// <summary>B1_b· = [S0 and (D_lA_lb)'], q2×q: its columns in the order of all terms, its rows in that of the border.</summary>
    private void FormB1b()
    {
        var order = border.Order;
        var (start, end) = (LeadingEffects.Start.Value, LeadingEffects.End.Value);
        if (B1b.Length == 0) B1b = new double[order * q];
        else if (coupling.Pattern.Entries < order * leading.Levels) Array.Clear(B1b);
        for (var e = 0; e < coupling.Pattern.Entries; e++)
        {
            var first = start + (coupling.Pattern.LevelOfEntry[e] * p1);
            for (var i = 0; i < p1; i++) B1b[coupling.Pattern.Effect[e] + ((first + i) * order)] = coupling.DValues[(e * p1) + i];
        }

        if (order == 0) return;
        var S0 = BorderColumns(order).Item1;
        border.ExpandS0(S0.AsSpan(0, order * order));
        S0.AsSpan(0, start * order).CopyTo(B1b);
        S0.AsSpan(start * order, (order - start) * order).CopyTo(B1b.AsSpan(end * order));
    }

    /// <summary>Two arrays with room for so many columns of the border; their content is arbitrary.</summary>
    private (double[] First, double[] Second) BorderColumns(int columns)
    {
        if (atBorder.Length < columns * border.Order) (atBorder, atBorderToo) = (new double[columns * border.Order], new double[columns * border.Order]);
        return (atBorder, atBorderToo);
    }

    /// <summary>Takes the columns beside Z over as rows.</summary>
    private void TakeSides()
    {
        if (m == 0) return;
        var (start, end) = (LeadingEffects.Start.Value, LeadingEffects.End.Value);
        SideRows.FromColumns(C0.AsSpan(start), q, m, leading.C);
        SideRows.FromColumns(C0, q, m, borderC.AsSpan(0, start * width));
        SideRows.FromColumns(C0.AsSpan(end), q, m, borderC.AsSpan(start * width));
    }

    private void GatherBorder(ReadOnlySpan<double> source, Span<double> target)
    {
        source[..LeadingEffects.Start].CopyTo(target);
        source[LeadingEffects.End..].CopyTo(target[LeadingEffects.Start.Value..]);
    }

    private void ScatterBorder(ReadOnlySpan<double> source, Span<double> target)
    {
        var start = LeadingEffects.Start.Value;
        source[..start].CopyTo(target);
        source[start..].CopyTo(target[LeadingEffects.End.Value..]);
    }

    /// <summary>Σ_l B_ll = Σ_l F_l − Σ_l D_lA_lb N A_blD_l'.</summary>
    private void SumLeadingBlocks(Span<double> sum)
    {
        for (var l = 0; l < leading.Levels; l++)
        {
            for (var i = 0; i < p1 * p1; i++) sum[i] += leading.F[(l * p1 * p1) + i];
        }

        if (border.Order > 0) Vectors.AddScaled(-1, border.LeadingSum, sum);
    }
}
