using System.Text.Json;

namespace MixedModels.Reporting.Json;

/// <summary>Findings as <c>[ { "rule", "severity", "what", "why", "try" } ]</c>; a severity is <c>note</c>, <c>warning</c> or <c>problem</c>.</summary>
internal static class FindingsJson
{
    /// <summary>Writes the array.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Finding> findings)
    {
        json.WriteStartArray();
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("rule", finding.Rule);
            json.WriteString("severity", FitWords.Severity(finding.Severity).ToLowerInvariant());
            json.WriteString("what", finding.What);
            json.WriteString("why", finding.Why);
            json.WriteString("try", finding.Try);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
