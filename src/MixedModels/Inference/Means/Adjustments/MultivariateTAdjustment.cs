using MixedModels.Numerics;

namespace MixedModels.Inference.Means.Adjustments;

/// <summary><c>mvt</c> and <c>dunnett</c>: P(max |T_i| ≥ |t|) with the estimates' own correlations and the contrast's own degrees of freedom.</summary>
/// <remarks>
/// Exact where one factor carries the correlations, as with independent means against a control (<see cref="OneFactorModulus"/>); else by
/// quasi-Monte Carlo with a stated error (<see cref="DirectionalModulus"/>). Source: Hothorn, Bretz and Westfall 2008, Simultaneous
/// inference in general parametric models, Biometrical Journal 50, section 3.1.
/// </remarks>
internal sealed class MultivariateTAdjustment : FamilyAdjustment
{
    private readonly CorrelationRoot root;
    private readonly double[]? loadings;
    private readonly DirectionalModulus? directional;
    private readonly Dictionary<(double T, double Df), (double Probability, double Error)> known = [];

    /// <summary>Looks for a common factor.</summary>
    public MultivariateTAdjustment(ContrastFamily family)
        : base(family)
    {
        root = CorrelationRoot.Of(family.Correlation, family.Count);
        loadings = root.Count == 1 ? null : CommonFactor.Find(root.Correlation, root.Count);
        if (loadings is null && root.Rank > 1) directional = new(root.Rows, root.Rank);
    }

    /// <inheritdoc/>
    public override double ProbabilityError => known.Values.Select(value => value.Error).DefaultIfEmpty(0).Max();

    /// <inheritdoc/>
    public override double[] Probabilities() => [.. Enumerable.Range(0, Family.Count).Select(Probability)];

    /// <inheritdoc/>
    protected override double Quantile(double level, double df)
    {
        if (!(df > 0)) return double.NaN;
        if (directional is not null) return directional.Quantile(1 - level, df);
        var guess = TailProbability.StudentQuantile((1 - level) / root.Count, df);
        return TailQuantile.Find(t => Upper(t, df).Probability, 1 - level, guess, 1e-11);
    }

    private double Probability(int i)
    {
        var (t, df) = (Math.Abs(Family.Statistics[i]), Rounded(Family.Df[i]));
        if (double.IsNaN(t) || !(df > 0)) return double.NaN;
        if (!known.TryGetValue((t, df), out var value)) known.Add((t, df), value = Upper(t, df));

        // Below the single p and above Bonferroni's no sampling error may carry it.
        return Math.Clamp(value.Probability, Family.Single(i), Math.Min(1, root.Count * Family.Single(i)));
    }

    private (double Probability, double Error) Upper(double t, double df) => loadings is not null
        ? (OneFactorModulus.Upper(t, loadings, df), 0)
        : directional?.Upper(t, df) ?? (TailProbability.StudentTwoSided(t, df), 0);
}
