using MixedModels.Covariance.Residual;

namespace MixedModels.Estimation.Marginal;

/// <summary>R of the subjects of one pattern through a lower triangular W with W R W' = I. A workspace of one thread.</summary>
internal abstract class SubjectPrecision
{
    /// <summary>Moving averages along more rows than this are filtered.</summary>
    private const int MostDense = 64;

    protected SubjectPrecision(BlockPattern pattern, ResidualModel model) => (Pattern, Model) = (pattern, model);

    /// <summary>The subjects.</summary>
    public BlockPattern Pattern { get; }

    /// <summary>log|R| of one subject at the last evaluation.</summary>
    public double LogDeterminant { get; protected set; }

    /// <summary>R.</summary>
    protected ResidualModel Model { get; }

    /// <summary>The rows of the first subject.</summary>
    protected int[] First => Pattern.Blocks[0];

    /// <summary>n, the rows of a subject.</summary>
    protected int n => Pattern.Order;

    /// <summary>Takes R at the model's last evaluation; false where it is not positive definite in double precision.</summary>
    public abstract bool Evaluate();

    /// <summary>The block (n×columns) times W, in place.</summary>
    public abstract void Whiten(Span<double> block, int columns);

    /// <summary>The block (n×columns) times W⁻¹, in place.</summary>
    public abstract void Colour(Span<double> block, int columns);

    /// <summary>The cheapest way to hold the subjects of a pattern where nothing but rows is whitened.</summary>
    public static SubjectPrecision For(BlockPattern pattern, ResidualModel model) =>
        model.Data.Structure is AutoregressiveMovingAverage && pattern.Order > MostDense ? new InnovationsPrecision(pattern, model) : BandedPrecision.ForRows(pattern, model);

    /// <summary>The way to hold a long subject by a recursion; null where the structure has none.</summary>
    public static SubjectPrecision? ForSeries(BlockPattern pattern, ResidualModel model) => model.Data.Structure switch
    {
        AutoregressiveMovingAverage => new InnovationsPrecision(pattern, model),
        IMarkovStructure { IsMarkov: true } => new MarkovPrecision(pattern, model),
        _ => null,
    };
}
