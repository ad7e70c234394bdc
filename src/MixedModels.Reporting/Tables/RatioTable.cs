using MixedModels.Families;

namespace MixedModels.Reporting.Tables;

/// <summary>The fixed effects of a model whose link is a logarithm of something, as ratios with intervals.</summary>
internal static class RatioTable
{
    private const double Level = 0.95;

    /// <summary>What the exponential of a coefficient is; null where it is nothing with a name.</summary>
    public static string? Name(Family family)
    {
        if (family.Link == Link.Logit) return "Odds ratio";
        if (family.Link == Link.Log) return family.HasTrials ? "Risk ratio" : family.IsDiscrete ? "Rate ratio" : "Ratio of means";
        return family.Link == Link.Cloglog ? "Hazard ratio" : null;
    }

    /// <summary>A row a coefficient: exp(estimate), and exp of its Wald interval's ends. The intercept's is the level itself, not a ratio, and left out.</summary>
    public static ResultTable Create(Family family, IReadOnlyList<Coefficient> rows)
    {
        var z = NormalQuantiles.TwoSided(Level);
        var shown = rows.Where(row => !string.Equals(row.Name, "(Intercept)", StringComparison.Ordinal)).ToArray();
        NumberColumn Column(string header, Func<Coefficient, double> exponent) =>
            new(header, [.. shown.Select(row => Finite(Math.Exp(exponent(row))))], new SignificantLayout());
        return new(
        [
            new TextColumn("", [.. shown.Select(row => row.Name)]),
            Column(Name(family) ?? "", row => row.Estimate),
            Column("Lower 95 %", row => row.Estimate - (z * row.StandardError)),
            Column("Upper 95 %", row => row.Estimate + (z * row.StandardError)),
        ]);
    }

    // A separated coefficient has an interval from nothing to everything.
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
