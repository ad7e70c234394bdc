using MixedModels.Estimation.Linear;

namespace MixedModels.Estimation.Storage;

/// <summary>The system of a model without random effects: V0 = I. It makes ordinary least squares one more case of the same page.</summary>
internal sealed class FixedEffectsSystem : PenalizedSystem
{
    public FixedEffectsSystem(SystemRows rows)
        : base(rows) => FillProducts();

    /// <inheritdoc/>
    public override ReadOnlySpan<double> C => [];

    /// <inheritdoc/>
    public override double FormBOperations => 0;

    /// <inheritdoc/>
    protected override void FillResponse(StandardizedData data) => ResponsePass.FillCross(data, Cross);

    /// <inheritdoc/>
    protected override void FillProducts()
    {
        var pass = new CrossProductPass(Left, Rows);
        pass.FillCross(Cross);
        pass.Run(null);
    }

    /// <inheritdoc/>
    protected override void FillVC(Span<double> VC) => VC.Clear();

    /// <inheritdoc/>
    protected override bool FactorBlocks(IReadOnlyList<double[]> T) => true;

    /// <inheritdoc/>
    protected override void InvertBorder()
    {
        // There is nothing to prepare: no random effect, no derivative.
    }

    /// <inheritdoc/>
    public override void SumDiagonalBlocks(int term, Span<double> sum) => throw NoTerm(term);

    /// <inheritdoc/>
    public override void ConditionalCovariance(int term, int level, Span<double> block) => throw NoTerm(term);

    /// <inheritdoc/>
    public override double ConditionalVariance(ReadOnlySpan<int> levels, ReadOnlySpan<double> z) => 0;

    /// <inheritdoc/>
    public override void CrossProductBlock(int term, int level, Span<double> block) => throw NoTerm(term);

    /// <inheritdoc/>
    public override void ApplyB(ReadOnlySpan<double> U, int columns, Span<double> BU) => BU.Clear();

    /// <inheritdoc/>
    public override void FormB(Span<double> B) => B.Clear();

    /// <inheritdoc/>
    public override void VisitCrossProducts(CrossProductVisitor visit)
    {
        // A has no entries.
    }

    /// <inheritdoc/>
    public override void RowVariances(Span<double> h) => h.Clear();

    /// <inheritdoc/>
    public override void RowCovariances(ReadOnlySpan<int> rows, Span<double> block) => block.Clear();

    /// <inheritdoc/>
    public override void ApplyConditional(ReadOnlySpan<double> U, int columns, Span<double> result) => result.Clear();

    /// <inheritdoc/>
    public override void SolvePenalized(ReadOnlySpan<double> V, int columns, Span<double> result) => result.Clear();

    private static ArgumentOutOfRangeException NoTerm(int term) => new(nameof(term), term, "The model has no random term.");
}
