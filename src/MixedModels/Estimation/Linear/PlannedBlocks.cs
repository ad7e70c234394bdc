namespace MixedModels.Estimation.Linear;

/// <summary>A block of the plan.</summary>
/// <param name="Name">What it holds, in symbols of docs/notation.md.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Columns.</param>
/// <param name="Storage">How it is stored.</param>
/// <param name="Bytes">Bytes, workspaces included.</param>
/// <param name="Operations">Floating-point operations an evaluation with derivatives spends on it.</param>
internal sealed record PlannedBlock(string Name, long Rows, long Columns, string Storage, long Bytes, double Operations);

/// <summary>Counts what a plan will store and compute.</summary>
internal static class PlannedBlocks
{
    /// <summary>The blocks of a plan.</summary>
    public static IReadOnlyList<PlannedBlock> Of(LinearData data, BlockPlan plan)
    {
        if (plan.IsOneFactor) return OneFactor(data);
        var lead = data.Terms[plan.LeadingTerm];
        var (p, m) = (lead.Dimension, data.p + 1);
        var q1 = (long)lead.LevelCount * p;
        var q = q1 + plan.BorderOrder;
        var blocks = new List<PlannedBlock>
        {
            new("X, y, Z", data.n, data.p + 1 + data.Terms.Sum(term => term.Dimension), "columns", Standardized(data), 0),
            Leading(lead, q1, p, m),
        };
        if (plan.BorderOrder > 0)
        {
            blocks.Add(Coupling(plan, q1, p));
            blocks.Add(plan.Symbolic is null ? Dense(plan) : Sparse(plan));
        }

        blocks.Add(new("Z'[X y]", q, m, "dense", 2 * sizeof(double) * q * m, 4.0 * q * m * m));
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
            new("X, y, Z", data.n, data.p + 1 + p, "columns", Standardized(data), 0),
            new("Z'Z", levels * p, levels * p, storage, sizeof(double) * levels * (products + lanes + results), levels * LevelOperations(p, m)),
            new("Z'[X y]", levels * p, m, "dense", 2 * sizeof(double) * levels * p * m, 0),
        ];
    }

    /// <summary>Two factors of M_l with their products, and the sums over pairs of entries that the Hessian needs.</summary>
    private static double LevelOperations(int p, int m)
    {
        var (s, width) = ((double)LevelColumns.PackedSize(p), (double)p * m);
        return (12.0 * p * p * p) + (4.0 * p * width) + (2 * s * s) + (2 * width * width);
    }

    private static long Standardized(LinearData data) =>
        2 * sizeof(double) * (long)data.n * (data.p + 1 + data.Terms.Sum(term => term.Dimension));

    private static PlannedBlock Leading(RandomTermData lead, long q1, int p, int m) => new(
        "leading Z'Z",
        q1,
        q1,
        p == 1 ? "diagonal" : $"{lead.LevelCount} blocks of {p}×{p}",
        sizeof(double) * ((5 * q1 * p) + (3 * q1 * m)),
        q1 * ((6.0 * p * p) + (4.0 * p * m)));

    private static PlannedBlock Coupling(BlockPlan plan, long q1, int p)
    {
        var entries = (long)plan.Coupling.Entries;
        return new(
            "coupling Z_b'Z_1",
            plan.BorderOrder,
            q1,
            FormattableString.Invariant($"sparse, {entries} entries of {p}"),
            (3 * sizeof(double) * entries * p) + (3 * sizeof(int) * entries) + (sizeof(int) * plan.Coupling.EntryOfRow.Sum(rows => (long)rows.Length)),
            4.0 * p * plan.Coupling.Pairs());
    }

    private static PlannedBlock Dense(BlockPlan plan)
    {
        var order = (double)plan.BorderOrder;
        return new("border Z_b'Z_b", plan.BorderOrder, plan.BorderOrder, "dense", 2 * sizeof(double) * (long)plan.BorderOrder * plan.BorderOrder, order * order * order);
    }

    private static PlannedBlock Sparse(BlockPlan plan) => new(
        "border Z_b'Z_b",
        plan.BorderOrder,
        plan.BorderOrder,
        FormattableString.Invariant($"sparse, {plan.Symbolic!.Nonzeros} entries in the factor, fill {plan.Symbolic.Fill}"),
        (2 * plan.Symbolic.Bytes) + (4 * sizeof(double) * plan.Symbolic.Pattern.Nonzeros),
        3 * plan.Symbolic.Operations);
}
