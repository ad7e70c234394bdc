using System.Text.Json;

namespace MixedModels.Reporting.Json;

/// <summary>Rows of coefficients in JSON, the same wherever they stand.</summary>
internal static class CoefficientJson
{
    /// <summary>Writes the rows as the elements of the array that is open.</summary>
    public static void WriteRows(Utf8JsonWriter json, IReadOnlyList<Coefficient> coefficients)
    {
        foreach (var row in coefficients)
        {
            json.WriteStartObject();
            json.WriteString("name", row.Name);
            json.WriteNumber("estimate", row.Estimate);
            json.WriteNumber("se", row.StandardError);
            json.WriteNumber("df", row.DegreesOfFreedom);
            json.WriteNumber("statistic", row.Statistic);
            json.WriteNumber("p", row.PValue);
            json.WriteEndObject();
        }
    }
}
