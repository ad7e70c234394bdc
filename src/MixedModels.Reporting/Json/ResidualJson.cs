using System.Text.Json;

namespace MixedModels.Reporting.Json;

/// <summary>The residuals' covariance in JSON: structure, parameters and variance functions by name; where visits are few, their SDs and correlations.</summary>
internal static class ResidualJson
{
    /// <summary>Writes the member <c>residual</c>.</summary>
    public static void Write(Utf8JsonWriter json, ResidualEstimate? residual)
    {
        json.WriteStartObject("residual");
        json.WriteString("structure", residual?.Structure ?? "independent");
        WriteNamed(json, "parameters", residual?.Parameters ?? []);
        if (residual is { Groups: [{ Group: "" } only] }) WriteVisits(json, only);
        else if (residual is { Groups.Count: > 0 }) WriteGroups(json, residual.Groups);
        WriteNamed(json, "variance", residual?.Variance ?? []);
        json.WriteEndObject();
    }

    private static void WriteNamed(Utf8JsonWriter json, string name, IReadOnlyList<NamedParameter> parameters)
    {
        json.WriteStartObject(name);
        foreach (var parameter in parameters) json.WriteReal(parameter.Name, parameter.Value);
        json.WriteEndObject();
    }

    private static void WriteGroups(Utf8JsonWriter json, IReadOnlyList<ResidualVisits> groups)
    {
        json.WriteStartArray("groups");
        foreach (var group in groups)
        {
            json.WriteStartObject();
            json.WriteString("group", group.Group);
            WriteVisits(json, group);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteVisits(Utf8JsonWriter json, ResidualVisits visits)
    {
        json.WriteStrings("names", visits.Visits);
        json.WriteNumbers("sd", visits.StandardDeviations);
        json.WriteMatrix("cor", visits.Correlations);
    }
}
