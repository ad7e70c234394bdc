using System.Text.Json;
using MixedModels.Data;

namespace MixedModels.Tests.Inference.Means;

/// <summary>emmeans' means, slopes, contrasts, adjusted p-values and simultaneous intervals, from validation/linear/means.json.</summary>
/// <remarks>
/// Estimates agree to the optimum's 1e-6, standard errors to 1e-4 where lme4's optimiser stopped, degrees of freedom to 2e-3 because
/// lmerTest differentiates numerically. emmeans' mvt is random, good to about 1e-3; R's ptukey to
/// about 1e-6 of the p-value and never below 1e-9; where it is worse, R's integrate of the definition stands in its place.
/// </remarks>
public sealed class ReferenceMeansTests
{
    private static readonly Lazy<JsonElement> root = new(Read);

    public static TheoryData<string> Cases => [.. root.Value.GetProperty("cases").EnumerateArray().Select(entry => Text(entry, "name"))];

    public static TheoryData<int> Fits => [.. Enumerable.Range(0, root.Value.GetProperty("fits").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Cases))]
    public void MarginalMeans_Case_AreThoseOfEmmeans(string name)
    {
        var entry = root.Value.GetProperty("cases").EnumerateArray().Single(candidate => Text(candidate, "name") == name);
        DegreesOfFreedomNames.TryParse(Text(entry, "df"), out var method).ShouldBeTrue();
        var means = Fit(entry).MarginalMeans(Texts(entry, "over"), Texts(entry, "by"), new()
        {
            At = entry.GetProperty("at").EnumerateObject().ToDictionary(at => at.Name, at => Numbers(at.Value), StringComparer.Ordinal),
            Weights = Text(entry, "weights") == "equal" ? MeanWeights.Equal : MeanWeights.Proportional,
            Trend = entry.GetProperty("trend").GetString(),
            DegreesOfFreedom = method,
        });
        string[] factors = [.. means.Over, .. means.By];
        means.Count.ShouldBe(entry.GetProperty("means").GetArrayLength());
        foreach (var row in entry.GetProperty("means").EnumerateArray())
        {
            var found = means.Single(mean => factors.All(factor => mean.Levels[factor] == Text(row, factor)));
            Near(found.Estimate, row, "estimate", 1e-6, 1e-5);
            Near(found.StandardError, row, "se", 1e-4, 0);
            Near(found.DegreesOfFreedom, row, "df", 2e-3, 0);
            Near(found.Lower, row, "lower", 1e-4, 1e-3 * found.StandardError);
            Near(found.Upper, row, "upper", 1e-4, 1e-3 * found.StandardError);
        }

        foreach (var contrasts in entry.GetProperty("contrasts").EnumerateArray()) HasContrasts(means, contrasts);
    }

    [Theory]
    [MemberData(nameof(Fits))]
    public void MarginalMeans_ReferenceFit_AreThoseOfEmmeansWithTukeysComparisons(int place)
    {
        var entry = root.Value.GetProperty("fits")[place];
        DegreesOfFreedomNames.TryParse(Text(entry, "df"), out var method).ShouldBeTrue();
        var means = ReferenceFit.Of(Text(entry, "id")).Fit.MarginalMeans(Texts(entry, "over"), options: new() { DegreesOfFreedom = method });
        foreach (var row in entry.GetProperty("means").EnumerateArray())
        {
            var found = means.Single(mean => means.Over.All(factor => mean.Levels[factor] == Text(row, factor)));
            Near(found.Estimate, row, "estimate", 1e-5, 1e-6);
            Near(found.StandardError, row, "se", 1e-4, 0);
            Near(found.DegreesOfFreedom, row, "df", 2e-3, 0);
        }

        var tukey = means.Pairwise();
        tukey.Count.ShouldBe(entry.GetProperty("tukey").GetArrayLength());
        foreach (var row in entry.GetProperty("tukey").EnumerateArray())
        {
            var found = tukey.Single(contrast => contrast.Contrast == Text(row, "contrast"));
            Near(found.Estimate, row, "estimate", 1e-5, 1e-6);
            Near(found.StandardError, row, "se", 1e-4, 0);
            Near(found.PValue, row, "p", 2e-3, 1e-9);
        }
    }

    private static void HasContrasts(MarginalMeanTable means, JsonElement entry)
    {
        AdjustmentNames.TryParse(Text(entry, "adjust"), out var adjustment).ShouldBeTrue();
        var table = entry.TryGetProperty("weights", out var weights)
            ? means.Contrast(weights.EnumerateObject().ToDictionary(own => own.Name, own => Numbers(own.Value), StringComparer.Ordinal), adjustment)
            : means.Contrast(Text(entry, "name"), adjustment);
        table.Count.ShouldBe(entry.GetProperty("rows").GetArrayLength());
        var noise = adjustment == Adjustment.MultivariateT ? 1 : 0;
        foreach (var row in entry.GetProperty("rows").EnumerateArray())
        {
            var found = table.Single(contrast => contrast.Contrast == Text(row, "contrast") && means.By.All(factor => contrast.Levels[factor] == Text(row, factor)));
            Near(found.Estimate, row, "estimate", 1e-5, 1e-5);
            Near(found.StandardError, row, "se", 1e-4, 0);
            Near(found.DegreesOfFreedom, row, "df", 2e-3, 0);
            Near(found.PValue, row, "p", 2e-3 + (5e-3 * noise), 2e-6 + (1e-3 * noise));
            Near(found.Lower, row, "lower", 1e-4, (1e-3 + (5e-3 * noise)) * found.StandardError);
            Near(found.Upper, row, "upper", 1e-4, (1e-3 + (5e-3 * noise)) * found.StandardError);
        }
    }

    private static LinearMixedModelFit Fit(JsonElement entry)
    {
        var table = DataTable.ReadCsv(
            Path.Combine(AppContext.BaseDirectory, "validation", "linear", "data", Text(entry, "data")), new DelimitedOptions { Factors = Texts(entry, "factors") });
        var drop = entry.GetProperty("drop").EnumerateObject().ToArray();
        if (drop.Length > 0)
        {
            table = table.SelectRows([.. Enumerable.Range(0, table.RowCount).Where(row =>
                !drop.All(level => table[level.Name].ToFactor() is var factor && factor.Levels[factor.Codes.Span[row]] == level.Value.GetString()))]);
        }

        return new LinearMixedModel(Text(entry, "formula")).FitTo(table);
    }

    private static void Near(double? actual, JsonElement row, string name, double share, double absolute)
    {
        var what = $"{name} of {row}";
        if (row.GetProperty(name).ValueKind == JsonValueKind.Null)
        {
            (actual is null || double.IsNaN(actual.Value)).ShouldBeTrue(what);
            return;
        }

        var expected = row.GetProperty(name).GetDouble();
        actual.ShouldNotBeNull(what).ShouldBe(expected, Math.Max(absolute, share * Math.Abs(expected)), what);
    }

    private static string Text(JsonElement entry, string name) => entry.GetProperty(name).GetString()!;

    private static string[] Texts(JsonElement entry, string name) => [.. entry.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

    private static IReadOnlyList<double> Numbers(JsonElement list) => [.. list.EnumerateArray().Select(number => number.GetDouble())];

    private static JsonElement Read()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "validation", "linear", "means.json")));
        return json.RootElement.Clone();
    }
}
