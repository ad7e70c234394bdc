using System.Text.Json;
using MixedModels.Data;

namespace MixedModels.Tests.Validation;

/// <summary>Predictions of lme4 for a few new rows, with its optimum: both agree to the digits two optimisers share.</summary>
public sealed class PredictionReferenceTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string> Fits => [.. Reference().GetProperty("fits").EnumerateArray().Select(fit => fit.GetProperty("id").GetString()!)];

    [Theory]
    [MemberData(nameof(Fits))]
    public void Predict_NewRows_EqualsLme4(string id)
    {
        var reference = Reference().GetProperty("fits").EnumerateArray().Single(fit => fit.GetProperty("id").GetString() == id);
        var options = new DelimitedOptions { Factors = [.. reference.GetProperty("factors").EnumerateArray().Select(name => name.GetString()!)] };
        var data = DataTable.ReadCsv(Path.Combine(AppContext.BaseDirectory, "validation", "linear", "data", reference.GetProperty("data").GetString()!), options);
        var fit = new LinearMixedModel(reference.GetProperty("formula").GetString()!).FitTo(data);
        var newData = Table(reference.GetProperty("newData"));

        Compare(fit.Predict(newData, new() { NewLevels = NewLevels.Population }), reference.GetProperty("newLevelsAtPopulation"));
        Compare(fit.Predict(newData, new() { Target = PredictionTarget.Population }), reference.GetProperty("population"));
    }

    private static void Compare(IReadOnlyList<PredictedValue> predicted, JsonElement expected)
    {
        predicted.Count.ShouldBe(expected.GetArrayLength());
        for (var row = 0; row < predicted.Count; row++)
            predicted[row].Fit.ShouldBe(expected[row].GetDouble(), Tolerance * Math.Abs(expected[row].GetDouble()));
    }

    private static DataTable Table(JsonElement columns)
    {
        var builder = new DataTableBuilder();
        foreach (var column in columns.EnumerateObject())
        {
            if (column.Value[0].ValueKind == JsonValueKind.Number)
                builder.Add(column.Name, [.. column.Value.EnumerateArray().Select(value => value.GetDouble())]);
            else
                builder.Add(column.Name, [.. column.Value.EnumerateArray().Select(value => value.GetString())]);
        }

        return builder.Build();
    }

    private static JsonElement Reference()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "validation", "linear", "predictions.json")));
        return document.RootElement.Clone();
    }
}
