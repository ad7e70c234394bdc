using MixedModels.Benchmarks.Calibration;
using MixedModels.Tests.Diagnostics;

namespace MixedModels.Benchmarks.Detection;

/// <summary>What the rules said of the data sets with one kind of trouble.</summary>
/// <param name="Trouble">The trouble.</param>
/// <param name="ByRule">How often each rule spoke, a warning or a problem, the most frequent first.</param>
/// <param name="Any">How often any did.</param>
internal sealed record DetectionRate(PlantedTrouble Trouble, IReadOnlyList<(string Rule, Proportion Spoke)> ByRule, Proportion Any)
{
    /// <summary>Draws, fits and diagnoses data sets.</summary>
    public static DetectionRate Measure(PlantedTrouble trouble, int dataSets, int seed)
    {
        var spoke = new IReadOnlyList<string>[dataSets];
        Parallel.For(0, dataSets, k => spoke[k] =
            [.. trouble.Fit(seed + k).Diagnose().Where(finding => finding.Severity > FindingSeverity.Note).Select(finding => finding.Rule).Distinct(StringComparer.Ordinal)]);
        var byRule = spoke.SelectMany(rules => rules).CountBy(rule => rule, StringComparer.Ordinal)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => (pair.Key, new Proportion(pair.Value, dataSets)));
        return new(trouble, [.. byRule], new(spoke.Count(rules => rules.Count > 0), dataSets));
    }

    /// <summary>How often a rule spoke.</summary>
    public Proportion Of(string rule) => ByRule.FirstOrDefault(pair => string.Equals(pair.Rule, rule, StringComparison.Ordinal)) is { Rule: not null } found
        ? found.Spoke
        : new(0, Any.Total);
}
