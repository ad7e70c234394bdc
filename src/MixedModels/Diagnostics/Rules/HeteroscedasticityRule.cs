using MixedModels.Data;
using MixedModels.Numerics;

namespace MixedModels.Diagnostics.Rules;

/// <summary>A residual spread that changes with the mean or between the levels of a factor.</summary>
/// <remarks>With the mean: Spearman's rank correlation of the absolute studentised residual. Between levels: Brown and Forsythe 1974, JASA 69, 364–367.</remarks>
internal sealed class HeteroscedasticityRule : DiagnosticRule
{
    /// <summary>Standard deviations that differ by less hardly change a test.</summary>
    private const double Ratio = 1.5;

    /// <summary>A spread of fewer rows is not judged.</summary>
    private const int LeastRows = 10;

    /// <inheritdoc/>
    public override string Name => "variance-not-constant";

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(DiagnosticEvidence evidence)
    {
        var residuals = evidence.Studentized;
        if (residuals.Length < 3 * LeastRows) yield break;
        if (WithMean(residuals, evidence.Fit) is { } fan) yield return fan;
        foreach (var column in evidence.Fit.Design.Data.Columns.OfType<FactorColumn>())
        {
            if (!evidence.Fit.Design.Fixed.Terms.Any(term => term.Variables.Any(variable => variable.Sources.Contains(column.Name, StringComparer.Ordinal)))) continue;
            if (BetweenLevels(column, residuals, evidence.Fit) is { } finding) yield return finding;
        }
    }

    private Finding? WithMean(double[] residuals, IInspectedFit fit)
    {
        var means = fit.FittedMeans.ToArray();
        double[] sizes = [.. residuals.Select(Math.Abs)];
        var correlation = Correlation(Ranks(sizes), Ranks(means));
        var p = TailProbability.NormalTwoSided(correlation * Math.Sqrt(residuals.Length - 1));
        var third = residuals.Length / 3;
        int[] order = [.. Enumerable.Range(0, residuals.Length).OrderBy(r => means[r])];
        var (low, high) = (Deviation(order.Take(third).Select(r => residuals[r])), Deviation(order.TakeLast(third).Select(r => residuals[r])));
        if (!(p < ErrorRate) || Math.Max(low, high) < Ratio * Math.Min(low, high)) return null;
        return Warning(
            $"The residuals spread {(high > low ? "more" : "less")} where the mean is large: their standard deviation is {Math.Max(low, high) / Math.Min(low, high):0.0} times as large in the {(high > low ? "upper" : "lower")} third of fitted values as in the other (p = {p:G2}).",
            "Standard errors are too small where the spread is large and too large where it is small; intervals for new observations are wrong in both places.",
            fit.Linear is null ? "Choose a family whose variance grows otherwise with the mean (nbinom2 where poisson or nbinom1 is too narrow at large means), or add what is missing." : high > low ? "Try the logarithm of the response, or let the variance depend on the mean; or use cluster-robust standard errors (--vcov CR2)." : "Look at what bounds the response from above; let the variance depend on the mean, or use cluster-robust standard errors (--vcov CR2).");
    }

    private Finding? BetweenLevels(FactorColumn column, double[] residuals, IInspectedFit fit)
    {
        var rows = fit.Design.Rows.Span;
        var groups = new List<double>[column.Levels.Count];
        for (var l = 0; l < groups.Length; l++) groups[l] = [];
        for (var r = 0; r < residuals.Length; r++) groups[column.Codes.Span[rows[r]]].Add(residuals[r]);
        var used = Enumerable.Range(0, groups.Length).Where(l => groups[l].Count >= LeastRows).ToArray();
        if (used.Length < 2) return null;
        var p = BrownForsythe([.. used.Select(l => groups[l])]);
        var largest = used.MaxBy(l => Deviation(groups[l]));
        var least = used.MinBy(l => Deviation(groups[l]));
        var ratio = Deviation(groups[largest]) / Deviation(groups[least]);
        if (!(p < ErrorRate) || !(ratio > Ratio)) return null;
        return Warning(
            $"The residuals of '{column.Levels[largest]}' of '{column.Name}' have {ratio:0.0} times the standard deviation of those of '{column.Levels[least]}' (p = {p:G2}).",
            "Comparisons of these levels have standard errors that mix two spreads.",
            fit.Linear is null ? "Look for what differs between the levels beside the mean: zeros, a second process, a missing group." : "Give each level its own residual variance, or use cluster-robust standard errors (--vcov CR2).");
    }

    /// <summary>The p-value of equal spreads about the medians.</summary>
    internal static double BrownForsythe(IReadOnlyList<IReadOnlyList<double>> groups)
    {
        var distances = groups.Select(group =>
        {
            var median = Median(group);
            return group.Select(value => Math.Abs(value - median)).ToArray();
        }).ToArray();
        var n = distances.Sum(group => group.Length);
        var mean = distances.Sum(group => group.Sum()) / n;
        var between = distances.Sum(group => group.Length * Math.Pow(group.Average() - mean, 2));
        var within = distances.Sum(group => group.Sum(value => Math.Pow(value - group.Average(), 2)));
        var (k1, k2) = (groups.Count - 1, n - groups.Count);
        return within > 0 ? TailProbability.F(between / k1 / (within / k2), k1, k2) : 1;
    }

    /// <summary>Ranks from 1, those of equal values their mean.</summary>
    internal static double[] Ranks(double[] values)
    {
        var (sorted, order) = ((double[])values.Clone(), Enumerable.Range(0, values.Length).ToArray());
        Array.Sort(sorted, order);
        var ranks = new double[values.Length];
        for (var first = 0; first < sorted.Length;)
        {
            var last = first;
            while (last + 1 < sorted.Length && sorted[last + 1] == sorted[first]) last++;
            for (var k = first; k <= last; k++) ranks[order[k]] = 1 + (0.5 * (first + last));
            first = last + 1;
        }

        return ranks;
    }

    /// <summary>Pearson's correlation; 0 where one of the two does not vary.</summary>
    internal static double Correlation(double[] a, double[] b)
    {
        var (ma, mb) = (a.Average(), b.Average());
        double saa = 0, sbb = 0, sab = 0;
        for (var i = 0; i < a.Length; i++)
        {
            saa += (a[i] - ma) * (a[i] - ma);
            sbb += (b[i] - mb) * (b[i] - mb);
            sab += (a[i] - ma) * (b[i] - mb);
        }

        return saa > 0 && sbb > 0 ? sab / Math.Sqrt(saa * sbb) : 0;
    }

    private static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return 0.5 * (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]);
    }

    private static double Deviation(IEnumerable<double> values) => Math.Sqrt(values.Average(value => value * value));
}
