using System.Text;
using MixedModels.Benchmarks.Fits.Results;
using MixedModels.Persistence;
using static System.FormattableString;

namespace MixedModels.Benchmarks.Calibration;

/// <summary>The page of a run, in Markdown.</summary>
internal static class CalibrationPage
{
    public static string Write(CalibrationOptions options, IReadOnlyList<TypeOneError> errors, IReadOnlyList<Coverage> coverages, double seconds)
    {
        var page = new StringBuilder();
        page.Append(Invariant($"# Calibration\n\nMixedModels {LibraryVersion.Text}, seed {options.Seed}, {seconds:F0} s. In **bold** what is more than three Monte Carlo errors off its nominal rate.\n"));
        if (options.IsSmoke) page.Append("\n**A smoke run: whether it works, no measurement.**\n");
        AppendErrors(page, errors);
        AppendCoverages(page, coverages, options);
        return page.ToString();
    }

    private static void AppendErrors(StringBuilder page, IReadOnlyList<TypeOneError> errors)
    {
        var one = errors[0].Rejections.Values.First();
        page.Append(Invariant($"\n## Type I error, per cent; nominal {100 * TypeOneError.Level:F0}, Monte Carlo error {100 * one.StandardError(TypeOneError.Level):F2}\n\n"));
        page.Append(Invariant($"`y ~ a * b + (1 | plot)` by REML: six whole plots, a between plots, b within, up to two rows a cell, no effects; {one.Total:N0} data sets a row.\n\n"));
        var table = new PageTable(["design", "test", .. TypeOneError.Terms.Select(term => $"`{term}`")]);
        foreach (var error in errors)
        {
            foreach (var method in TypeOneError.Methods)
                table.Add([error.Design.Title, method, .. TypeOneError.Terms.Select(term => error.Rejections[(method, term)].Against(TypeOneError.Level))]);
        }

        page.Append(table);
    }

    private static void AppendCoverages(StringBuilder page, IReadOnlyList<Coverage> coverages, CalibrationOptions options)
    {
        var one = coverages[0].Covered;
        page.Append(Invariant($"\n## Coverage, per cent; nominal {100 * Coverage.Level:F0}, Monte Carlo error {100 * one.StandardError(Coverage.Level):F2}\n\n"));
        page.Append(Invariant($"`y ~ x + (1 | subject) + (1 | item)` by REML: ten subjects rate eight items once, x a condition of items; {options.DataSets:N0} data sets, {options.Draws:N0} bootstrap replicates of each.\n"));
        page.Append("*below*, *above*: intervals that end below the true value, that begin above it.\n\n");
        var table = new PageTable("parameter", "true value", "interval", "covers", "below", "above", "not defined", "median width");
        foreach (var row in Coverage.Truth.Keys.SelectMany(parameter => coverages.Where(row => row.Parameter == parameter)))
        {
            var above = row.Covered.Total - row.Covered.Count - row.Below - row.Undefined;
            table.Add(
                $"`{row.Parameter}`",
                Invariant($"{Coverage.Truth[row.Parameter]}"),
                row.Method,
                row.Covered.Against(Coverage.Level),
                Share(row.Below, row),
                Share(above, row),
                Share(row.Undefined, row),
                Invariant($"{row.MedianWidth:F2}"));
        }

        page.Append(table);
    }

    private static string Share(int count, Coverage row) => count == 0 ? "0" : Invariant($"{100.0 * count / row.Covered.Total:F1}");
}
