using System.Text;
using MixedModels.Benchmarks.Fits.Results;
using MixedModels.Persistence;
using static System.FormattableString;

namespace MixedModels.Benchmarks.Detection;

/// <summary>The page of a run, in Markdown.</summary>
internal static class DetectionPage
{
    private static readonly (string Family, string Title)[] families =
    [
        ("normal", "Normal responses, linear mixed model"),
        ("counts", "Counts, Poisson with log link"),
        ("shares", "Successes of ten trials, binomial with logit link"),
        ("answers", "Yes and no, binomial with logit link"),
    ];

    public static string Write(DetectionOptions options, IReadOnlyList<DetectionRate> rates, double seconds)
    {
        var page = new StringBuilder();
        page.Append(Invariant($"# Detection\n\nMixedModels {LibraryVersion.Text}, seeds {options.Seed} to {options.Seed + options.DataSets - 1}, {options.DataSets} data sets a row, {seconds:F0} s.\n\n"));
        if (options.IsSmoke) page.Append("**A smoke run: whether it works, no measurement.**\n\n");
        page.Append("40 groups of 10 rows, `y ~ x + z + arm + (1 | g)`, fitted to data with one thing wrong. How often, in per cent, the rule for it spoke (a warning or a problem), and how often others did. ");
        page.Append("Where nothing is wrong every alarm is false; beside planted trouble many an alarm is a consequence of it.\n");
        foreach (var (family, title) in families)
        {
            page.Append($"\n## {title}\n\n");
            var table = new PageTable("planted", "rule for it: found", "any rule", "other rules");
            foreach (var rate in rates.Where(rate => rate.Trouble.Kind == family)) table.Add(Row(rate));
            page.Append(table);
        }

        return page.ToString();
    }

    private static string[] Row(DetectionRate rate)
    {
        var trouble = rate.Trouble;
        var found = trouble.Rules.Length == 0 ? "–" : string.Join("; ", trouble.Rules.Select(rule => $"`{rule}` {Percent(rate.Of(rule))}"));
        var others = rate.ByRule.Where(pair => !trouble.Rules.Contains(pair.Rule, StringComparer.Ordinal)).ToArray();
        return [trouble.Words, found, Percent(rate.Any), others.Length == 0 ? "–" : string.Join("; ", others.Select(pair => $"`{pair.Rule}` {Percent(pair.Spoke)}"))];
    }

    private static string Percent(Calibration.Proportion share) => Invariant($"{100 * share.Value:0.#}");
}
