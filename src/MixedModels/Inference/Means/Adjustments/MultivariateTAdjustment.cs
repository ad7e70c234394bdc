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
    private readonly Dictionary<(double Level, double Df), double> quantiles = [];

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
    public override double CriticalValue(int i, double level)
    {
        var df = Same(Family.Df[i]);
        if (!quantiles.TryGetValue((level, df), out var value)) quantiles.Add((level, df), value = Quantile(1 - level, df));
        return value;
    }

    private double Probability(int i)
    {
        var (t, df) = (Math.Abs(Family.Statistics[i]), Same(Family.Df[i]));
        if (double.IsNaN(t) || !(df > 0)) return double.NaN;
        if (!known.TryGetValue((t, df), out var value)) known.Add((t, df), value = Upper(t, df));

        // Below the single p and above Bonferroni's no sampling error may carry it.
        return Math.Clamp(value.Probability, Family.Single(i), Math.Min(1, root.Count * Family.Single(i)));
    }

    private (double Probability, double Error) Upper(double t, double df) => loadings is not null
        ? (OneFactorModulus.Upper(t, loadings, df), 0)
        : directional?.Upper(t, df) ?? (TailProbability.StudentTwoSided(t, df), 0);

    private double Quantile(double p, double df)
    {
        if (!(df > 0)) return double.NaN;
        if (directional is not null) return directional.Quantile(p, df);
        var guess = TailProbability.StudentQuantile(p / root.Count, df);
        return TailQuantile.Find(t => Upper(t, df).Probability, p, guess, 1e-11);
    }

    /// <summary>Degrees of freedom that differ by rounding alone are one number, and one computation.</summary>
    private static double Same(double df)
    {
        const int digits = 9;
        if (!double.IsFinite(df) || df <= 0) return df;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(df)) - digits);
        return Math.Round(df / unit) * unit;
    }
}
