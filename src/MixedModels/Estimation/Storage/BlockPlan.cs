using MixedModels.Estimation.Linear;
using MixedModels.Execution;
using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Estimation.Storage;

/// <summary>How the border is stored.</summary>
internal enum BorderStorage
{
    /// <summary>Whichever takes fewer operations at its rate.</summary>
    Cheapest,

    /// <summary>Full square matrices.</summary>
    Dense,

    /// <summary>A sparse factor.</summary>
    Sparse,

    /// <summary>No leading term: all effects in one sparse factor, for rows with any number of levels.</summary>
    Whole,
}

/// <summary>
/// What will be stored how, decided from the terms alone before a number is stored: which term leads, and whether the border of
/// the others is kept dense or sparse. Immutable.
/// </summary>
internal sealed class BlockPlan
{
    private readonly Lazy<CouplingPattern> coupling;
    private readonly LinearData data;
    private readonly Lazy<RowPairs> rowPairs;

    /// <summary>Below this order a dense border takes microseconds and nothing is gained by sparsity.</summary>
    private const int AlwaysDense = 64;

    /// <summary>So many pairs a row are looked at in about the time of the pass over the rows.</summary>
    private const double CheapPairs = 4;

    /// <summary>A sparse factorisation runs at about this share of a dense one's rate.</summary>
    private const double SparseRate = 0.25;

    /// <summary>From this order of a dense border on, waking threads costs less than they save.</summary>
    private const int ThreadsFrom = 192;

    /// <summary>And from this number of levels of a single factor on.</summary>
    private const int ThreadLevels = 8192;

    private BlockPlan(LinearData data, int leadingTerm, BorderStorage storage)
    {
        this.data = data;
        rowPairs = new(() => new(data.Terms, data.n));
        IsWhole = storage == BorderStorage.Whole || data.Terms.Any(term => term.HasSeveralLevels);
        IsOneFactor = storage == BorderStorage.Cheapest && !IsWhole && OneFactorSystem.Holds(data);
        LeadingTerm = leadingTerm;
        BorderTerms = [.. data.Terms.Where((_, t) => t != leadingTerm)];
        BorderOffsets = new int[BorderTerms.Count + 1];
        for (var t = 0; t < BorderTerms.Count; t++)
            BorderOffsets[t + 1] = BorderOffsets[t] + (BorderTerms[t].LevelCount * BorderTerms[t].Dimension);
        if (IsWhole)
        {
            coupling = new(() => CouplingPattern.Empty(BorderOrder));
            Symbolic = SymbolicFactor.Analyze(RowPairs.Pattern(data.Terms));
            return;
        }

        coupling = new(() => new(data.Terms[leadingTerm], BorderTerms, BorderOffsets, BorderOrder));
        if (IsOneFactor) return;
        var order = (double)BorderOrder;

        // Pairs that meet in several levels are counted in each: where there are few a row, looking which are different is cheap.
        var mayBeSparse = order > AlwaysDense && Coupling.Pairs() < Math.Max(0.25 * order * order, CheapPairs * data.n);
        if (order == 0 || storage == BorderStorage.Dense || (storage == BorderStorage.Cheapest && !mayBeSparse)) return;
        var symbolic = SymbolicFactor.Analyze(SparseBorder.Pattern(BorderTerms, BorderOffsets, Coupling));
        if (storage == BorderStorage.Sparse || symbolic.Operations < SparseRate * order * order * order / 3) Symbolic = symbolic;
    }

    /// <summary>The term that is eliminated level by level: the one with most effects.</summary>
    public int LeadingTerm { get; }

    /// <summary>Whether all terms share one grouping factor whose levels are kept as lanes of vectors; then there is no border to store.</summary>
    public bool IsOneFactor { get; }

    /// <summary>Whether no term leads and all effects stand in one sparse factor: rows may belong to several levels of a term.</summary>
    public bool IsWhole { get; }

    /// <summary>The effects of every row, for a storage without a leading term.</summary>
    public RowPairs RowPairs => rowPairs.Value;

    /// <summary>The other terms, in order.</summary>
    public IReadOnlyList<RandomTermData> BorderTerms { get; }

    /// <summary>The first border effect of each of them, and their number last.</summary>
    public int[] BorderOffsets { get; }

    /// <summary>q2, the number of border effects.</summary>
    public int BorderOrder => BorderOffsets[^1];

    /// <summary>Which border effects meet which leading levels.</summary>
    public CouplingPattern Coupling => coupling.Value;

    /// <summary>The analysis of a sparse border or of all effects; null where the border is dense.</summary>
    public SymbolicFactor? Symbolic { get; }

    /// <summary>Whether there is enough work for more than one thread.</summary>
    public bool NeedsThreads => IsOneFactor ? data.Terms[0].LevelCount >= ThreadLevels : Symbolic is null && BorderOrder >= ThreadsFrom;

    /// <summary>The blocks, in the order in which they are eliminated.</summary>
    public IReadOnlyList<PlannedBlock> Blocks => PlannedBlocks.Of(data, this);

    /// <summary>Bytes of all blocks.</summary>
    public long Bytes => Blocks.Sum(block => block.Bytes);

    /// <summary>Floating-point operations of one evaluation with first and second derivatives, about.</summary>
    public double Operations => Blocks.Sum(block => block.Operations);

    /// <summary>The plan for data with at least one random term.</summary>
    public static BlockPlan For(LinearData data, BorderStorage storage = BorderStorage.Cheapest)
    {
        var most = 0;
        for (var t = 1; t < data.Terms.Count; t++)
        {
            if (Effects(data.Terms[t]) > Effects(data.Terms[most])) most = t;
        }

        return new(data, most, storage);
    }

    /// <summary>The storage for data with any number of random terms.</summary>
    /// <param name="data">The data.</param>
    /// <param name="plan">Its plan; null where there is no random term.</param>
    /// <param name="team">Threads to share dense work; null for one.</param>
    public static PenalizedSystem Allocate(StandardizedData data, BlockPlan? plan, ThreadTeam? team) =>
        data.Data.HasResidual ? Allocate(data.Rows, plan, team) : new ResidualFreeSystem(data.Rows);

    /// <summary>The storage for rows with any number of random terms and any columns beside Z.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="plan">The plan of their terms; null where there is none.</param>
    /// <param name="team">Threads to share dense work; null for one.</param>
    public static PenalizedSystem Allocate(SystemRows rows, BlockPlan? plan, ThreadTeam? team)
    {
        if (plan is null) return new FixedEffectsSystem(rows);
        if (plan.IsWhole) return new SparseSystem(rows, plan);
        return plan.IsOneFactor ? new OneFactorSystem(rows, team) : new BorderedSystem(rows, plan, team);
    }

    private static long Effects(RandomTermData term) => (long)term.LevelCount * term.Dimension;
}
