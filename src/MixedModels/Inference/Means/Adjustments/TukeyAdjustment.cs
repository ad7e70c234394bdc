using MixedModels.Numerics;

namespace MixedModels.Inference.Means.Adjustments;

/// <summary><c>tukey</c>: |t|√2 is at most the studentized range of the k means.</summary>
/// <remarks>
/// Exact for means that are known alike and equally correlated; else conservative (Hayter 1984, A proof of the conjecture that the
/// Tukey–Kramer multiple comparisons procedure is conservative, Annals of Statistics 12).
/// </remarks>
internal sealed class TukeyAdjustment(ContrastFamily family) : FamilyAdjustment(family)
{
    private static readonly double root = Math.Sqrt(2);

    /// <inheritdoc/>
    public override double[] Probabilities() =>
        [.. Enumerable.Range(0, Family.Count).Select(i => StudentizedRange.Upper(root * Math.Abs(Family.Statistics[i]), Family.Means, Family.Df[i]))];

    /// <inheritdoc/>
    protected override double Quantile(double level, double df) => StudentizedRange.Quantile(1 - level, Family.Means, df) / root;
}
