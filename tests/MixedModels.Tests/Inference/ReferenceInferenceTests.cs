using System.Text.Json;
using MixedModels.Data;

namespace MixedModels.Tests.Inference;

/// <summary>
/// lmerTest's and pbkrtest's degrees of freedom, adjusted standard errors and F tests, and SAS's tables, from validation/linear/inference.json.
/// </summary>
/// <remarks>
/// lmerTest differentiates numerically and stops where lme4 did: 1e-3 in its degrees of freedom. pbkrtest is exact at lme4's optimum, which
/// the degrees of freedom magnify to about 1e-4. SAS prints all digits, at an optimum its default tolerance leaves good to about 1e-4.
/// </remarks>
public sealed class ReferenceInferenceTests
{
    private static readonly Lazy<JsonElement> root = new(Read);

    public static TheoryData<string> Ids => [.. root.Value.GetProperty("fits").EnumerateArray().Select(Id)];

    public static TheoryData<string> SasIds => [.. root.Value.GetProperty("sas").EnumerateArray().Select(Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Satterthwaite_ReferenceFit_HasLmerTestsDegreesOfFreedom(string id)
    {
        var fit = ReferenceFit.Of(id).Fit;
        var expected = Entry("fits", id).GetProperty("satterthwaite");
        var rows = fit.Coefficients(DegreesOfFreedom.Satterthwaite).ToDictionary(row => row.Name, StringComparer.Ordinal);
        foreach (var row in expected.GetProperty("coefficients").EnumerateArray())
            Near(rows[row.GetProperty("name").GetString()!].DegreesOfFreedom!.Value, row.GetProperty("df").GetDouble(), 1e-3, id);
        foreach (var (type, name) in new[] { (AnovaType.III, "type3"), (AnovaType.I, "type1") })
            HasTests(fit.TestTerms(type, method: DegreesOfFreedom.Satterthwaite), expected.GetProperty(name), 1e-3);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void KenwardRoger_ReferenceFit_HasPbkrtestsErrorsAndDegreesOfFreedom(string id)
    {
        var fit = ReferenceFit.Of(id).Fit;
        if (!Entry("fits", id).TryGetProperty("kenwardRoger", out var expected)) return;
        var rows = fit.Coefficients(DegreesOfFreedom.KenwardRoger).ToDictionary(row => row.Name, StringComparer.Ordinal);
        foreach (var row in expected.GetProperty("coefficients").EnumerateArray())
        {
            var found = rows[row.GetProperty("name").GetString()!];
            Near(found.StandardError, row.GetProperty("se").GetDouble(), 2e-5, found.Name);
            Near(found.DegreesOfFreedom!.Value, row.GetProperty("df").GetDouble(), 1e-3, found.Name);
        }

        HasTests(fit.TestTerms(AnovaType.III, method: DegreesOfFreedom.KenwardRoger), expected.GetProperty("type3"), 1e-3);
    }

    [Theory]
    [MemberData(nameof(SasIds))]
    public void Methods_SasData_HaveSassTables(string id)
    {
        var entry = Entry("sas", id);
        var table = DataTable.ReadCsv(
            Path.Combine(AppContext.BaseDirectory, "validation", "linear", "data", entry.GetProperty("data").GetString()!),
            new DelimitedOptions { Factors = [.. entry.GetProperty("factors").EnumerateArray().SelectMany(name => name.GetString()!.Split(','))] });
        var fit = new LinearMixedModel(entry.GetProperty("formula").GetString()!).FitTo(table);
        foreach (var method in entry.GetProperty("expect").EnumerateObject())
        {
            DegreesOfFreedomNames.TryParse(method.Name, out var name).ShouldBeTrue();
            var rows = fit.Coefficients(name).ToDictionary(row => row.Name, StringComparer.Ordinal);
            foreach (var row in method.Value.EnumerateArray())
            {
                var found = rows[row.GetProperty("name").GetString()!];
                found.Estimate.ShouldBe(row.GetProperty("estimate").GetDouble(), 1e-4 * found.StandardError, found.Name);
                Near(found.StandardError, row.GetProperty("se").GetDouble(), 1e-4, found.Name);
                Near(found.DegreesOfFreedom!.Value, row.GetProperty("df").GetDouble(), 1e-3, found.Name);
            }
        }
    }

    private static void HasTests(TermTestTable table, JsonElement expected, double tolerance)
    {
        foreach (var row in expected.EnumerateArray())
        {
            var term = row.GetProperty("term").GetString()!;
            var found = table.Single(test => ReferenceFit.IsSameGroup(test.Term, term));
            found.NumeratorDf.ShouldBe(row.GetProperty("numDf").GetInt32(), term);
            Near(found.Statistic, row.GetProperty("F").GetDouble(), 2e-4, term);
            Near(found.DenominatorDf!.Value, row.GetProperty("denDf").GetDouble(), tolerance, term);
        }
    }

    private static void Near(double actual, double expected, double share, string what) => actual.ShouldBe(expected, share * Math.Abs(expected), what);

    private static string Id(JsonElement entry) => entry.GetProperty("id").GetString()!;

    private static JsonElement Entry(string list, string id) => root.Value.GetProperty(list).EnumerateArray().Single(entry => Id(entry) == id);

    private static JsonElement Read()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "validation", "linear", "inference.json")));
        return json.RootElement.Clone();
    }
}
