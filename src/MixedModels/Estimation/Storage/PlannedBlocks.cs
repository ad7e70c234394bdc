using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Storage;

/// <summary>A block of the plan.</summary>
/// <param name="Name">What it holds, in symbols of docs/notation.md.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Storage">How it is stored.</param>
/// <param name="LargestArray">The numbers in its largest array.</param>
/// <param name="Bytes">Bytes, workspaces included.</param>
/// <param name="Operations">Floating-point operations an evaluation with derivatives spends on it.</param>
internal sealed record PlannedBlock(string Name, long Rows, long Columns, string Storage, long LargestArray, long Bytes, double Operations);

/// <summary>Counts what a plan will store and compute.</summary>
internal static class PlannedBlocks
{
    /// <summary>The block of data, in the user's units and standardised.</summary>
    public const string ColumnsName = "X, y, Z";

    /// <summary>The block of the effects outside the leading term.</summary>
    public const string BorderName = "border Z_b'Z_b";

    /// <summary>The block between them and the leading term.</summary>
    public const string CouplingName = "coupling Z_b'Z_1";

    /// <summary>The blocks of a plan, or those of data without random terms, which need none.</summary>
    public static IReadOnlyList<PlannedBlock> Of(LinearData data, BlockPlan? plan)
    {
        if (plan is null) return [Columns(data)];
        if (plan.IsOneFactor) return OneFactor(data);
        if (plan.IsWhole) return [Columns(data), Whole(plan), Sides(data, plan.Symbolic!.Order, data.p + 1)];
        var lead = data.Terms[plan.LeadingTerm];
        var (p, m) = (lead.Dimension, data.p + 1);
        var q1 = (long)lead.LevelCount * p;
        var blocks = new List<PlannedBlock> { Columns(data), Leading(lead, q1, p, m) };
        if (plan.BorderOrder > 0)
        {
            blocks.Add(Coupling(plan, q1, p));
            blocks.Add(plan.Symbolic is null ? Dense(plan, q1) : Sparse(plan));
        }

        blocks.Add(Sides(data, q1 + plan.BorderOrder, m, plan.BorderOrder));
        return blocks;
    }

    /// <summary>Nothing but the levels' own blocks: as lanes for the search, and level by level for results.</summary>
    private static IReadOnlyList<PlannedBlock> OneFactor(LinearData data)
    {
        var (levels, p, m) = ((long)data.Terms[0].LevelCount, data.Terms.Sum(term => term.Dimension), data.p + 1);
        var s = LevelColumns.PackedSize(p);
        var storage = FormattableString.Invariant($"{levels} blocks of {p}×{p}, 8 levels a vector, equal ones stored once");
        var (products, lanes, results) = (s + (p * m), s + (p * m) + 1, 5 * p * p);
        return
        [
            Columns(data),
            new("Z'Z", levels * p, levels * p, storage, levels * Math.Max(lanes, p * p), sizeof(double) * levels * (products + lanes + results), levels * LevelOperations(p, m)),
            Sides(data, levels * p, m),
        ];
    }

    /// <summary>Two factors of M_l with their products, and the sums over pairs of entries that the Hessian needs.</summary>
    private static double LevelOperations(int p, int m)
    {
        var (s, width) = ((double)LevelColumns.PackedSize(p), (double)p * m);
        return (12.0 * p * p * p) + (4.0 * p * width) + (2 * s * s) + (2 * width * width);
    }

    private static PlannedBlock Columns(LinearData data)
    {
        var columns = data.p + 1 + data.Terms.Sum(term => term.Dimension);
        var widest = data.Terms.Select(term => term.Dimension).Append(data.p).Max();
        return new(ColumnsName, data.n, columns, "columns", (long)data.n * widest, 2 * sizeof(double) * (long)data.n * columns, 0);
    }

    /// <summary>C, Z'V0⁻¹[X y] and Y of m columns, E_kw and B E_kw of one a parameter; at the border four times m side by side.</summary>
    private static PlannedBlock Sides(LinearData data, long q, int m, long border = 0)
    {
        var k = data.Terms.Sum(term => term.Structure.ParameterCount);
        return new("Z'[X y]", q, m, "dense", q * Math.Max(m, k), sizeof(double) * ((q * ((3 * m) + (2 * k))) + (4 * border * SideRows.Width(m))), 4.0 * q * m * m);
    }

    /// <summary>A_l, D_l, F_l, H_l and W_l, C_l and H_lC_l; its right-hand sides are never longer than those of all terms.</summary>
    private static PlannedBlock Leading(RandomTermData lead, long q1, int p, int m) => new(
        "leading Z'Z",
        q1,
        q1,
        p == 1 ? "diagonal" : $"{lead.LevelCount} blocks of {p}×{p}",
        q1 * p,
        sizeof(double) * ((5 * q1 * p) + (2 * q1 * SideRows.Width(m))),
        q1 * ((6.0 * p * p) + (4.0 * p * m)));

    /// <summary>A_lb with its images H_lA_lb and D_lA_lb; beside a dense border L_b'A_blD_l' in the order of R⁻¹, beside a sparse one the places of pairs.</summary>
    private static PlannedBlock Coupling(BlockPlan plan, long q1, int p)
    {
        var entries = (long)plan.Coupling.Entries;
        var ofPairs = plan.Symbolic is null ? 0 : sizeof(int) * (long)plan.Coupling.Pairs();
        var ofRoot = plan.Symbolic is null && !plan.Coupling.IsDense ? ((sizeof(double) * p) + (2 * sizeof(int))) * entries : 0;
        return new(
            CouplingName,
            plan.BorderOrder,
            q1,
            FormattableString.Invariant($"sparse, {entries} entries of {p}"),
            Math.Max(entries * p, ofPairs / sizeof(int)),
            (3 * sizeof(double) * entries * p) + (4 * sizeof(int) * entries) + ofRoot + ofPairs + (sizeof(int) * plan.Coupling.EntryOfRow.Sum(rows => (long)rows.Length)),
            4.0 * p * plan.Coupling.Pairs());
    }

    /// <summary>S0 and S; where the coupling is dense, the roots W_lA_lb as a full matrix too.</summary>
    private static PlannedBlock Dense(BlockPlan plan, long q1)
    {
        var order = (long)plan.BorderOrder;
        var roots = plan.Coupling.IsDense ? order * q1 : 0;
        return new(
            BorderName, order, order, "dense", Math.Max(order * order, roots), sizeof(double) * ((2 * order * order) + roots), (double)order * order * order);
    }

    /// <summary>A, M and N on the pattern, the factor and its inverse, and the places of every row's pairs of effects.</summary>
    private static PlannedBlock Whole(BlockPlan plan)
    {
        var (symbolic, pairs) = (plan.Symbolic!, plan.RowPairs.Count);
        return new(
            "Z'Z",
            symbolic.Order,
            symbolic.Order,
            FormattableString.Invariant($"sparse, {symbolic.Nonzeros} entries in the factor, fill {symbolic.Fill}"),
            Math.Max(Math.Max(symbolic.PanelEntries, symbolic.WorkspaceEntries), pairs),
            (2 * symbolic.Bytes) + (4 * sizeof(double) * symbolic.Pattern.Nonzeros) + (sizeof(int) * pairs) + ((sizeof(int) + sizeof(double)) * (long)plan.RowPairs.Effects.Length),
            (3 * symbolic.Operations) + (2.0 * pairs));
    }

    private static PlannedBlock Sparse(BlockPlan plan) => new(
        BorderName,
        plan.BorderOrder,
        plan.BorderOrder,
        FormattableString.Invariant($"sparse, {plan.Symbolic!.Nonzeros} entries in the factor, fill {plan.Symbolic.Fill}"),
        Math.Max(plan.Symbolic.PanelEntries, plan.Symbolic.WorkspaceEntries),
        (2 * plan.Symbolic.Bytes) + (4 * sizeof(double) * plan.Symbolic.Pattern.Nonzeros),
        3 * plan.Symbolic.Operations);
}
