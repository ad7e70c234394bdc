using System.Globalization;
using MixedModels.Data;
using MixedModels.Inference.Means.Adjustments;

namespace MixedModels.Inference.Means;

/// <summary>Tables of marginal means and of their contrasts.</summary>
internal static class MeanContrasts
{
    /// <summary>The means with an interval each.</summary>
    public static MarginalMeanTable Simultaneous(MeanFunctions functions, Adjustment adjustment)
    {
        if (adjustment is Adjustment.Tukey or Adjustment.Dunnett)
        {
            throw new InferenceException(
                $"'{adjustment.Name()}' adjusts comparisons of means, not the intervals of the means themselves; use mvt, sidak, bonferroni or scheffe, or ask for contrasts (--pairwise).");
        }

        var rows = new List<MarginalMean>();
        var isSubstitute = false;
        foreach (var group in functions.Groups)
        {
            var identity = NamedContrasts.Find("identity").Make(group.Labels, 0).ToArray();
            var estimates = functions.Scaling.Estimate(functions, group, identity);
            var adjusted = Adjust(estimates, adjustment, identity);
            isSubstitute |= adjusted is { HasOwnIntervals: false };
            for (var i = 0; i < identity.Length; i++)
            {
                var half = Half(estimates, adjusted, i, functions.Options.Level);
                var shown = functions.Scaling.Mean(group.Cells[i], estimates.Values[i], estimates.Errors[i], half);
                rows.Add(new(functions.Levels[group.Start + i], shown.Value, shown.Error, Finite(estimates.Df[i]), shown.Lower, shown.Upper));
            }
        }

        List<Finding> findings = [.. functions.MethodFindings];
        if (functions.Nestings.Count > 0) findings.Add(Nested(functions.Nestings));
        AddMissing(findings, rows.Where(row => !row.IsEstimable).Select(row => string.Join(' ', row.Levels.Values)), rows.Count, functions.Options.Trend is null ? "means" : "slopes");
        if (isSubstitute) findings.Add(Substitute(adjustment));
        return new(functions, rows, adjustment, findings);
    }

    /// <summary>Contrasts of a name.</summary>
    public static MeanContrastTable Named(MarginalMeanTable means, MeanFunctions functions, string name, Adjustment? adjustment, string? control)
    {
        var set = NamedContrasts.Find(name);
        var chosen = adjustment ?? set.Adjustment;
        RequireFor(set, chosen);
        if (functions.Groups.All(group => group.Cells.Count < 2))
            throw new InferenceException($"There is one mean{(functions.By.Count > 0 ? " in each group" : "")} to contrast; '{name}' needs 2 or more. Name a factor of more levels (--over).");
        return Table(means, functions, group => group.Cells.Count < 2 ? [] : [.. set.Make(group.Labels, Control(functions, group, set, control))], chosen);
    }

    /// <summary>Contrasts with given weights.</summary>
    public static MeanContrastTable Custom(
        MarginalMeanTable means, MeanFunctions functions, IReadOnlyDictionary<string, IReadOnlyList<double>> weights, Adjustment adjustment)
    {
        if (weights.Count == 0) throw new InferenceException("No contrast is given; wanted one or more, such as label=1,-1.");
        if (adjustment is Adjustment.Tukey or Adjustment.Dunnett) throw NotFor(adjustment, "contrasts of one's own");
        foreach (var (label, own) in weights)
        {
            if (functions.Groups.FirstOrDefault(group => group.Cells.Count != own.Count) is { } other)
            {
                throw new InferenceException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The contrast '{label}' has {own.Count} weights for {other.Cells.Count} means ({Shown(other.Labels)}); give one a mean, in their order."));
            }

            if (own.Any(weight => !double.IsFinite(weight)) || own.All(weight => weight == 0))
                throw new InferenceException($"The weights of the contrast '{label}' are all zero or not finite.");
        }

        WeightedContrast[] contrasts = [.. weights.Select(entry => new WeightedContrast(entry.Key, [.. entry.Value]))];
        return Table(means, functions, _ => contrasts, adjustment);
    }

    private static MeanContrastTable Table(MarginalMeanTable means, MeanFunctions functions, Func<MeanGroup, WeightedContrast[]> contrastsOf, Adjustment adjustment)
    {
        var rows = new List<MeanContrast>();
        var (error, isSubstitute) = (0.0, false);
        foreach (var group in functions.Groups)
        {
            var contrasts = contrastsOf(group);
            var estimates = functions.Scaling.Estimate(functions, group, contrasts);
            var adjusted = Adjust(estimates, adjustment, contrasts);
            var levels = functions.By.ToDictionary(factor => factor, factor => functions.Levels[group.Start][factor], StringComparer.Ordinal);
            var probabilities = adjusted?.Probabilities() ?? [];
            for (var i = 0; i < contrasts.Length; i++)
            {
                var place = estimates.Tested.ToList().IndexOf(i);
                var (estimate, half) = (estimates.Values[i], Half(estimates, adjusted, i, functions.Options.Level));
                var shown = functions.Scaling.Contrast(estimate, estimates.Errors[i], half);
                rows.Add(new(
                    functions.Scaling.Label(contrasts[i]), levels, shown.Value, shown.Error, Finite(estimates.Df[i]),
                    place < 0 ? double.NaN : estimate / estimates.Errors[i], place < 0 ? double.NaN : probabilities[place], shown.Lower, shown.Upper));
            }

            error = Math.Max(error, adjusted?.ProbabilityError ?? 0);
            isSubstitute |= adjusted is { HasOwnIntervals: false };
        }

        List<Finding> findings = [.. functions.Scaling.ContrastFindings];
        AddMissing(findings, rows.Where(row => double.IsNaN(row.Estimate)).Select(row => string.Join(' ', row.Levels.Values.Append(row.Contrast))), rows.Count, "contrasts");
        if (isSubstitute) findings.Add(Substitute(adjustment));
        return new(means, rows, adjustment, error, findings);
    }

    /// <summary>The adjustment of those that can be tested; null where there are none.</summary>
    private static FamilyAdjustment? Adjust(MeanEstimates estimates, Adjustment adjustment, WeightedContrast[] contrasts)
    {
        if (estimates.Tested.Count == 0 || contrasts.Length == 0) return null;
        var means = Enumerable.Range(0, contrasts[0].Weights.Length).Count(m => estimates.Tested.Any(i => contrasts[i].Weights[m] != 0));
        return FamilyAdjustment.Create(adjustment, estimates.Family(means));
    }

    /// <summary>Half the length of an interval.</summary>
    private static double Half(MeanEstimates estimates, FamilyAdjustment? adjusted, int i, double level)
    {
        var place = estimates.Tested.ToList().IndexOf(i);
        return place < 0 ? (estimates.Errors[i] == 0 ? 0 : double.NaN) : estimates.Errors[i] * adjusted!.CriticalValue(place, level);
    }

    private static int Control(MeanFunctions functions, MeanGroup group, NamedContrasts set, string? control)
    {
        if (control is null) return set.DefaultControl(group.Cells.Count);
        if (!set.HasControl) throw new InferenceException($"'{set.Name}' compares with no control, and '{control}' is named as one; use trt.vs.ctrl.");
        var place = group.Labels.ToList().IndexOf(control);
        if (place < 0 && functions.Over.Count == 1)
            place = Enumerable.Range(0, group.Cells.Count).FirstOrDefault(i => string.Equals(functions.Levels[group.Start + i][functions.Over[0]], control, StringComparison.Ordinal), -1);
        return place >= 0 ? place : throw new InferenceException($"There is no mean '{control}' to compare with{NearestNames.SuggestOrList(control, [.. group.Labels])}.");
    }

    private static void RequireFor(NamedContrasts set, Adjustment adjustment)
    {
        if ((adjustment == Adjustment.Tukey && !set.IsPairwise) || (adjustment == Adjustment.Dunnett && !set.HasControl)) throw NotFor(adjustment, $"'{set.Name}'");
    }

    private static InferenceException NotFor(Adjustment adjustment, string contrasts) => new(
        $"The adjustment '{adjustment.Name()}' is for {(adjustment == Adjustment.Tukey ? "pairwise comparisons" : "comparisons with a control (trt.vs.ctrl)")}, not for {contrasts}; "
        + "mvt is exact for any contrasts, and sidak, bonferroni and holm hold for any.");

    private static void AddMissing(List<Finding> findings, IEnumerable<string> missing, int count, string what)
    {
        const int mostNamed = 5;
        string[] names = [.. missing];
        if (names.Length == 0) return;
        var shown = string.Join("; ", names.Take(mostNamed)) + (names.Length > mostNamed ? "; …" : "");
        findings.Add(new(
            "not-estimable",
            FindingSeverity.Warning,
            $"{names.Length} of {count} {what} cannot be estimated: {shown}.",
            "They average over combinations of levels that do not occur, and the model has no way to infer what would happen there.",
            "Ask for means over the combinations that occur, restrict the levels (--at), or leave out the interaction that the empty cells belong to."));
    }

    private static Finding Nested(IReadOnlyList<string> nestings) => new(
        "nested",
        FindingSeverity.Note,
        $"Factors are nested in others: {string.Join("; ", nestings)}. Each level of such a factor occurs with one level of the other.",
        "Combinations that do not occur are left out, means of a nested factor name its nest, and averages are taken within nests first.",
        "");

    private static Finding Substitute(Adjustment adjustment) => new(
        "intervals-bonferroni",
        FindingSeverity.Note,
        $"The intervals are Bonferroni's: '{adjustment.Name()}' adjusts p-values and has no intervals of its own.",
        "An interval may therefore hold zero although its p-value is small.",
        "");

    private static string Shown(IReadOnlyList<string> labels)
    {
        const int mostNamed = 8;
        return string.Join(", ", labels.Take(mostNamed)) + (labels.Count > mostNamed ? $" and {labels.Count - mostNamed} more" : "");
    }

    private static double? Finite(double df) => double.IsPositiveInfinity(df) ? null : df;
}
