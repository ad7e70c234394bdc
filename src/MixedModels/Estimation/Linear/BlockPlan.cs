using MixedModels.LinearAlgebra.Sparse;

namespace MixedModels.Estimation.Linear;

/// <summary>How the border is stored.</summary>
internal enum BorderStorage
{
    /// <summary>Whichever takes fewer operations at its rate.</summary>
    Cheapest,

    /// <summary>Full square matrices.</summary>
    Dense,

    /// <summary>A sparse factor.</summary>
    Sparse,
}

/// <summary>
/// What will be stored how, decided from the terms alone before a number is stored: which term leads, and whether the border of
/// the others is kept dense or sparse. Immutable.
/// </summary>
internal sealed class BlockPlan
{
    private readonly LinearData data;

    /// <summary>Below this order a dense border takes microseconds and nothing is gained by sparsity.</summary>
    private const int AlwaysDense = 64;

    /// <summary>A sparse factorisation runs at about this share of a dense one's rate.</summary>
    private const double SparseRate = 0.25;

    /// <summary>From this order of a dense border on, waking threads costs less than they save.</summary>
    private const int ThreadsFrom = 192;

    private BlockPlan(LinearData data, int leadingTerm, BorderStorage storage)
    {
        this.data = data;
        LeadingTerm = leadingTerm;
        BorderTerms = [.. data.Terms.Where((_, t) => t != leadingTerm)];
        BorderOffsets = new int[BorderTerms.Count + 1];
        for (var t = 0; t < BorderTerms.Count; t++)
            BorderOffsets[t + 1] = BorderOffsets[t] + (BorderTerms[t].LevelCount * BorderTerms[t].Dimension);
        Coupling = new(data.Terms[leadingTerm], BorderTerms, BorderOffsets, BorderOrder);
        var order = (double)BorderOrder;
        var mayBeSparse = order > AlwaysDense && Coupling.Pairs() < 0.25 * order * order;
        if (order == 0 || storage == BorderStorage.Dense || (storage == BorderStorage.Cheapest && !mayBeSparse)) return;
        var symbolic = SymbolicFactor.Analyze(SparseBorder.Pattern(BorderTerms, BorderOffsets, Coupling));
        if (storage == BorderStorage.Sparse || symbolic.Operations < SparseRate * order * order * order / 3) Symbolic = symbolic;
    }

    /// <summary>The term that is eliminated level by level: the one with most effects.</summary>
    public int LeadingTerm { get; }

    /// <summary>The other terms, in order.</summary>
    public IReadOnlyList<RandomTermData> BorderTerms { get; }

    /// <summary>The first border effect of each of them, and their number last.</summary>
    public int[] BorderOffsets { get; }

    /// <summary>q2, the number of border effects.</summary>
    public int BorderOrder => BorderOffsets[^1];

    /// <summary>Which border effects meet which leading levels.</summary>
    public CouplingPattern Coupling { get; }

    /// <summary>The analysis of a sparse border; null where the border is dense.</summary>
    public SymbolicFactor? Symbolic { get; }

    /// <summary>Whether the border is large enough for more than one thread.</summary>
    public bool NeedsThreads => Symbolic is null && BorderOrder >= ThreadsFrom;

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

    private static long Effects(RandomTermData term) => (long)term.LevelCount * term.Dimension;
}
