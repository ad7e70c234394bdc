using MixedModels.Covariance.Residual;
using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Marginal;

/// <summary>How V is held.</summary>
internal enum MarginalRoute
{
    /// <summary>Whichever takes fewer operations.</summary>
    Cheapest,

    /// <summary>In dense blocks of rows that hang together.</summary>
    Blocks,

    /// <summary>As rows multiplied by R⁻½ beside the sparse factor of the random effects.</summary>
    Whitened,

    /// <summary>As one recursion along each subject; there are no random terms.</summary>
    Series,
}

/// <summary>The choice of how V is held, made before a number is stored. Immutable.</summary>
internal sealed class MarginalPlan
{
    /// <summary>Operations of an evaluation in blocks up to which nothing else is looked at: about a twentieth of a second.</summary>
    private const double FewOperations = 1e8;

    /// <summary>Rows that one block of V may have: factors of it take seconds.</summary>
    private const int MostBlockRows = 6_000;

    private readonly StandardizedData data;
    private readonly ResidualModel residual;
    private readonly ThetaLayout layout;
    private readonly List<BlockPattern> patterns;

    public MarginalPlan(StandardizedData data, ResidualModel residual, ThetaLayout layout, MarginalRoute route)
    {
        (this.data, this.residual, this.layout) = (data, residual, layout);
        HasBlocks = !data.Data.Terms.Any(term => term.HasSeveralLevels);
        patterns = HasBlocks ? BlockPattern.Find(data, residual, withRandomTerms: true) : [];
        LargestBlock = HasBlocks ? patterns.Max(pattern => pattern.Order) : data.Data.n;
        Route = route == MarginalRoute.Cheapest ? Choose() : route;
    }

    /// <summary>The choice.</summary>
    public MarginalRoute Route { get; }

    /// <summary>The rows of the largest block.</summary>
    public int LargestBlock { get; }

    /// <summary>Whether rows belong to one level of each term, so that dense blocks can hold them at all.</summary>
    private bool HasBlocks { get; }

    /// <summary>Bytes of the largest block with its derivatives.</summary>
    public double BlockBytes => (layout.Count + residual.ParameterCount + 8.0) * LargestBlock * LargestBlock * sizeof(double);

    /// <summary>Whether dense blocks are small enough to be formed.</summary>
    public bool FormsBlocks => HasBlocks && LargestBlock <= MostBlockRows && BlockBytes <= Execution.AvailableMemory.Bytes;

    /// <summary>The most rows that a block may have.</summary>
    public static int MostRows => MostBlockRows;

    /// <summary>The choice in words.</summary>
    public string Words => Route switch
    {
        MarginalRoute.Whitened => "never formed; rows times R^(-1/2) beside one sparse factor of the random effects, average information in the search",
        MarginalRoute.Series => "never formed; a recursion along each subject, differentiated to second order",
        _ => FormattableString.Invariant($"dense blocks of rows that hang together, the largest of {LargestBlock:N0}, {patterns.Count:N0} of them different; exact second derivatives"),
    };

    /// <summary>The storage.</summary>
    public MarginalSystem Allocate() => Route switch
    {
        MarginalRoute.Whitened => new WhitenedSystem(data, residual, layout),
        MarginalRoute.Series => new SeriesSystem(data, residual, layout),
        _ => AllocateBlocks(),
    };

    /// <summary>Dense blocks, whatever the choice.</summary>
    public BlockSystem AllocateBlocks() => new(data, residual, layout, patterns);

    private MarginalRoute Choose()
    {
        var operations = patterns.Sum(pattern => (layout.Count + residual.ParameterCount + 3.0) * Math.Pow(pattern.Order, 3));
        if (HasBlocks && operations <= FewOperations) return MarginalRoute.Blocks;
        if (layout.TermCount > 0) return WhitenedSystem.Bytes(data, residual) <= Execution.AvailableMemory.Bytes ? MarginalRoute.Whitened : MarginalRoute.Blocks;
        return residual.Data.Structure is IMarkovStructure { IsMarkov: true } or AutoregressiveMovingAverage ? MarginalRoute.Series : MarginalRoute.Blocks;
    }
}
