using System.Text.Json;
using MixedModels.Data;

namespace MixedModels.Tests.Inference;

/// <summary>Tables of lme4 and lmerTest in validation/inference.</summary>
internal static class ReferenceTables
{
    private static readonly string folder = Path.Combine(AppContext.BaseDirectory, "validation");

    public static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "inference", file)));
        return document.RootElement.Clone();
    }

    public static IEnumerable<string> Ids(string file, string list) =>
        Read(file).GetProperty(list).EnumerateArray().Select(entry => entry.GetProperty("id").GetString()!);

    public static JsonElement Entry(string file, string list, string id) =>
        Read(file).GetProperty(list).EnumerateArray().Single(entry => entry.GetProperty("id").GetString() == id);

    public static DataTable Data(JsonElement entry) => DataTable.ReadCsv(
        Path.Combine(folder, "linear", "data", entry.GetProperty("data").GetString()!),
        new DelimitedOptions { Factors = [.. entry.GetProperty("factors").EnumerateArray().Select(name => name.GetString()!)] });

    public static double? Optional(JsonElement row, string name) =>
        row.GetProperty(name).ValueKind == JsonValueKind.Null ? null : row.GetProperty(name).GetDouble();
}
