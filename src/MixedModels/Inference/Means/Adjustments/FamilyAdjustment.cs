using MixedModels.Numerics;

namespace MixedModels.Inference.Means.Adjustments;

/// <summary>One way to adjust the tests of a family, and the intervals that hold together. Of use to one family and thread.</summary>
internal abstract class FamilyAdjustment(ContrastFamily family)
{
    private readonly Dictionary<(double Level, double Df), double> criticalValues = [];

    /// <summary>The family.</summary>
    protected ContrastFamily Family { get; } = family;

    /// <summary>The largest standard error of the p-values, where they are not computed to rounding.</summary>
    public virtual double ProbabilityError => 0;

    /// <summary>Whether the intervals are by another method, Bonferroni's, because this one has none.</summary>
    public virtual bool HasOwnIntervals => true;

    /// <summary>The adjusted p-values, a contrast each.</summary>
    public abstract double[] Probabilities();

    /// <summary>How many standard errors an interval of contrast i reaches.</summary>
    public double CriticalValue(int i, double level)
    {
        var df = Rounded(Family.Df[i]);
        if (!criticalValues.TryGetValue((level, df), out var value)) criticalValues.Add((level, df), value = Quantile(level, df));
        return value;
    }

    /// <summary>The adjustment of a name for a family.</summary>
    public static FamilyAdjustment Create(Adjustment adjustment, ContrastFamily family) => adjustment switch
    {
        Adjustment.None => new NoAdjustment(family),
        Adjustment.Tukey => new TukeyAdjustment(family),
        Adjustment.Dunnett or Adjustment.MultivariateT => new MultivariateTAdjustment(family),
        Adjustment.Scheffe => new ScheffeAdjustment(family),
        Adjustment.Sidak => new SidakAdjustment(family),
        Adjustment.Bonferroni => new BonferroniAdjustment(family),
        Adjustment.Holm => new HolmAdjustment(family),
        Adjustment.Hochberg => new HochbergAdjustment(family),
        Adjustment.FalseDiscoveryRate => new FalseDiscoveryRateAdjustment(family),
        _ => throw new ArgumentOutOfRangeException(nameof(adjustment), adjustment, "No such adjustment."),
    };

    /// <summary>How many standard errors the intervals of contrasts with these degrees of freedom reach.</summary>
    protected abstract double Quantile(double level, double df);

    /// <summary>The quantile that Bonferroni's intervals use.</summary>
    protected double BonferroniQuantile(double level, double df) => TailProbability.StudentQuantile((1 - level) / Family.Count, df);

    /// <summary>Degrees of freedom that differ by rounding alone are one number, and one computation.</summary>
    protected static double Rounded(double df)
    {
        const int digits = 9;
        if (!double.IsFinite(df) || df <= 0) return df;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(df)) - digits);
        return Math.Round(df / unit) * unit;
    }

    /// <summary>Runs through the p-values, ascending or descending, each at least (most) the one before; NaN stay NaN.</summary>
    /// <param name="factor">What a p-value is multiplied by, given its rank from 1 among m, smallest first.</param>
    /// <param name="isStepDown">Whether the run starts at the smallest.</param>
    protected double[] Stepwise(Func<int, int, double> factor, bool isStepDown)
    {
        double[] single = [.. Enumerable.Range(0, Family.Count).Select(Family.Single)];
        int[] ascending = [.. Enumerable.Range(0, Family.Count).Where(i => !double.IsNaN(single[i])).OrderBy(i => single[i])];
        var (m, running) = (ascending.Length, isStepDown ? 0.0 : 1.0);
        var adjusted = (double[])single.Clone();
        for (var step = 0; step < m; step++)
        {
            var rank = isStepDown ? step + 1 : m - step;
            var value = Math.Min(1, factor(rank, m) * single[ascending[rank - 1]]);
            running = isStepDown ? Math.Max(running, value) : Math.Min(running, value);
            adjusted[ascending[rank - 1]] = running;
        }

        return adjusted;
    }
}
