using System.Text.Json;
using MixedModels.Data;

namespace MixedModels.Persistence;

/// <summary>A table as JSON: one object a column, numbers with the digits that bring the same double back, missing values null.</summary>
internal static class TableJson
{
    private const string NegativeInfinity = "-Infinity";
    private const string PositiveInfinity = "Infinity";

    /// <summary>Writes a table as an array of columns under a name.</summary>
    public static void Write(Utf8JsonWriter json, string name, DataTable table)
    {
        json.WriteStartArray(name);
        foreach (var column in table.Columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            if (column is FactorColumn factor) WriteFactor(json, factor);
            else WriteNumbers(json, (NumericColumn)column);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static DataTable Read(JsonElement json) => new([.. json.EnumerateArray().Select(ReadColumn)]);

    private static void WriteFactor(Utf8JsonWriter json, FactorColumn factor)
    {
        json.WriteBoolean("ordered", factor.IsOrdered);
        json.WriteStartArray("levels");
        foreach (var level in factor.Levels) json.WriteStringValue(level);
        json.WriteEndArray();
        json.WriteStartArray("codes");
        foreach (var code in factor.Codes.Span) json.WriteNumberValue(code);
        json.WriteEndArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, NumericColumn column)
    {
        json.WriteStartArray("values");
        foreach (var value in column.Values.Span)
        {
            if (double.IsFinite(value)) json.WriteNumberValue(value);
            else if (double.IsNaN(value)) json.WriteNullValue();
            else json.WriteStringValue(value > 0 ? PositiveInfinity : NegativeInfinity);
        }

        json.WriteEndArray();
    }

    private static double ReadNumber(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => double.NaN,
        JsonValueKind.String => json.GetString() == PositiveInfinity ? double.PositiveInfinity : double.NegativeInfinity,
        _ => json.GetDouble(),
    };

    private static Column ReadColumn(JsonElement json)
    {
        var name = json.GetProperty("name").GetString()!;
        if (json.TryGetProperty("values", out var values))
        {
            return new NumericColumn(
                name, [.. values.EnumerateArray().Select(ReadNumber)]);
        }

        return new FactorColumn(
            name,
            [.. json.GetProperty("levels").EnumerateArray().Select(level => level.GetString()!)],
            [.. json.GetProperty("codes").EnumerateArray().Select(code => code.GetInt32())],
            json.GetProperty("ordered").GetBoolean());
    }
}
