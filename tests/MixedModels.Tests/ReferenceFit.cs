using System.Text.Json;
using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels.Tests;

/// <summary>A fit of validation/linear/reference.json and ours of the same data, made when first asked for.</summary>
internal sealed class ReferenceFit
{
    private static readonly string folder = Path.Combine(AppContext.BaseDirectory, "validation", "linear");
    private static readonly Lazy<Dictionary<string, ReferenceFit>> all = new(ReadAll);
    private readonly Lazy<LinearMixedModelFit> fit;

    private ReferenceFit(JsonElement reference)
    {
        Reference = reference;
        fit = new(Run);
    }

    public static IEnumerable<string> Ids => all.Value.Keys;

    public JsonElement Reference { get; }

    public LinearMixedModelFit Fit => fit.Value;

    public bool IsSingular => Reference.GetProperty("singular").GetBoolean();

    public double Sigma => Number("sigma");

    public static ReferenceFit Of(string id) => all.Value[id];

    public double Number(string property) => Reference.GetProperty(property).GetDouble();

    public IEnumerable<JsonElement> List(string property) => Reference.GetProperty(property).EnumerateArray();

    /// <summary>Whether two names of a grouping factor mean the same: an interaction's factors may stand in any order.</summary>
    public static bool IsSameGroup(string ours, string theirs) =>
        ours.Split(':').Order(StringComparer.Ordinal).SequenceEqual(theirs.Split(':').Order(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>The name of their level in the order of our interaction.</summary>
    public static string LevelName(string ours, string theirs, string level)
    {
        var (factors, parts) = (theirs.Split(':'), level.Split(':'));
        return factors.Length == 1 ? level : string.Join(':', ours.Split(':').Select(factor => parts[Array.IndexOf(factors, factor)]));
    }

    private static Dictionary<string, ReferenceFit> ReadAll()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "reference.json")));
        return json.RootElement.GetProperty("fits").EnumerateArray()
            .ToDictionary(entry => entry.GetProperty("id").GetString()!, entry => new ReferenceFit(entry.Clone()), StringComparer.Ordinal);
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(text => text.GetString()!)];

    private LinearMixedModelFit Run()
    {
        var table = DataTable.ReadCsv(Path.Combine(folder, "data", Reference.GetProperty("data").GetString()!), new DelimitedOptions
        {
            Factors = Texts(Reference.GetProperty("factors")),
            Ordered = Texts(Reference.GetProperty("ordered")),
            Levels = Reference.GetProperty("levels").EnumerateObject()
                .ToDictionary(entry => entry.Name, entry => (IReadOnlyList<string>)Texts(entry.Value), StringComparer.Ordinal),
        });
        return new LinearMixedModel(Reference.GetProperty("formula").GetString()!, new()
        {
            Criterion = Reference.GetProperty("criterion").GetString() == "REML" ? EstimationCriterion.Reml : EstimationCriterion.MaximumLikelihood,
            Weights = Reference.GetProperty("weights").GetString(),
            Contrasts = Reference.GetProperty("contrasts").EnumerateObject().ToDictionary(entry => entry.Name, entry => Coding(entry.Value), StringComparer.Ordinal),
        }).Fit(table, TestContext.Current.CancellationToken);
    }

    private static ContrastCoding Coding(JsonElement name) =>
        ContrastCodingNames.TryParse(name.GetString()!, out var coding) ? coding : throw new InvalidDataException($"No coding is named {name}.");
}
