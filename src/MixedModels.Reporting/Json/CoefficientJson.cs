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
            json.WriteReal("estimate", row.Estimate);
            json.WriteReal("se", row.StandardError);
            json.WriteReal("df", row.DegreesOfFreedom);
            json.WriteReal("statistic", row.Statistic);
            json.WriteReal("p", row.PValue);
            json.WriteEndObject();
        }
    }
}
