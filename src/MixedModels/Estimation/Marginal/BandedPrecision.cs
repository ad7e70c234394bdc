using MixedModels.Covariance.Residual;

namespace MixedModels.Estimation.Marginal;

/// <summary>R of the subjects of one pattern where the rows of W reach back over few or all rows before them, one by one at hand.</summary>
internal abstract class BandedPrecision(BlockPattern pattern, ResidualModel model) : SubjectPrecision(pattern, model)
{
    /// <summary>How many rows before its own a row of W takes in: 1, or all.</summary>
    public abstract int Reach { get; }

    /// <summary>Entry (i, j) of W, i − <see cref="Reach"/> ≤ j ≤ i.</summary>
    public abstract double Weight(int i, int j);

    /// <summary>The block (n×columns) times W⁻ᵀ, in place.</summary>
    public abstract void ColourTransposed(Span<double> block, int columns);

    /// <summary>The derivatives of R⁻¹ at the last evaluation, of the parameters that move it.</summary>
    public abstract IReadOnlyList<PrecisionSlope> Slopes();

    /// <summary>The cheapest way to hold the subjects of a pattern.</summary>
    public static BandedPrecision ForRows(BlockPattern pattern, ResidualModel model) =>
        model.Data.Structure is IMarkovStructure { IsMarkov: true } ? new MarkovPrecision(pattern, model) : new DensePrecision(pattern, model);
}
