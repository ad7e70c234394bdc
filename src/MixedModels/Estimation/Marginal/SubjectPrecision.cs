using MixedModels.Covariance.Residual;

namespace MixedModels.Estimation.Marginal;

/// <summary>
/// R of the subjects of one pattern through its inverse: a lower triangular W with W R W' = I, whose rows reach back over few or all rows before them.
/// A workspace of one thread.
/// </summary>
internal abstract class SubjectPrecision
{
    protected SubjectPrecision(BlockPattern pattern, ResidualModel model) => (Pattern, Model) = (pattern, model);

    /// <summary>The subjects.</summary>
    public BlockPattern Pattern { get; }

    /// <summary>How many rows before its own a row of W takes in: 1, or all.</summary>
    public abstract int Reach { get; }

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

    /// <summary>Entry (i, j) of W, i − <see cref="Reach"/> ≤ j ≤ i.</summary>
    public abstract double Weight(int i, int j);

    /// <summary>The block (n×columns) times W, in place.</summary>
    public abstract void Whiten(Span<double> block, int columns);

    /// <summary>The block (n×columns) times W⁻¹, in place.</summary>
    public abstract void Colour(Span<double> block, int columns);

    /// <summary>The block (n×columns) times W⁻ᵀ, in place.</summary>
    public abstract void ColourTransposed(Span<double> block, int columns);

    /// <summary>The derivatives of R⁻¹ at the last evaluation, of the parameters that move it.</summary>
    public abstract IReadOnlyList<PrecisionSlope> Slopes();

    /// <summary>The cheapest way to hold the subjects of a pattern.</summary>
    public static SubjectPrecision For(BlockPattern pattern, ResidualModel model) =>
        model.Data.Structure is IMarkovStructure { IsMarkov: true } && pattern.Order > 1 ? new MarkovPrecision(pattern, model) : new DensePrecision(pattern, model);
}
