using System.Text.Json;
using MixedModels.LinearAlgebra;

namespace MixedModels.Reporting.Json;

/// <summary>The values that every JSON report is made of.</summary>
internal static class JsonValues
{
    /// <summary>Writes a number so that it reads back to the same bits; null, NaN and infinities are <c>null</c>.</summary>
    /// <remarks>Not named after the framework's <c>WriteNumber</c>, which would be preferred to it and refuses NaN.</remarks>
    public static void WriteReal(this Utf8JsonWriter json, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteNullValue();
    }

    /// <summary>Writes a named number.</summary>
    public static void WriteReal(this Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        json.WriteReal(value);
    }

    /// <summary>Writes a named array of numbers.</summary>
    public static void WriteNumbers(this Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteReal(value);
        json.WriteEndArray();
    }

    /// <summary>Writes a named array of strings.</summary>
    public static void WriteStrings(this Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    /// <summary>Writes a named matrix as an array of its rows.</summary>
    public static void WriteMatrix(this Utf8JsonWriter json, string name, Matrix matrix)
    {
        json.WriteStartArray(name);
        for (var row = 0; row < matrix.Rows; row++)
        {
            json.WriteStartArray();
            for (var column = 0; column < matrix.Columns; column++)
                json.WriteReal(matrix[row, column]);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes how the degrees of freedom were found, and the cluster-robust covariance where there is one.</summary>
    public static void WriteMethod(this Utf8JsonWriter json, DegreesOfFreedom method, RobustCovariance? robust)
    {
        json.WriteString("dfMethod", FitWords.MethodName(method, robust));
        if (robust is null)
            return;
        json.WriteString("vcov", robust.Adjustment.ToString());
        json.WriteString("cluster", robust.Cluster);
    }

    /// <summary>Writes a named object without members.</summary>
    public static void WriteEmptyObject(this Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteEndObject();
    }

    /// <summary>Writes a named array without elements.</summary>
    public static void WriteEmptyArray(this Utf8JsonWriter json, string name)
    {
        json.WriteStartArray(name);
        json.WriteEndArray();
    }
}
