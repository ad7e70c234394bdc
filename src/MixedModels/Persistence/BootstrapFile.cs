using System.Globalization;
using System.Text.Json;
using MixedModels.Data;
using MixedModels.Inference.Bootstrap;

namespace MixedModels.Persistence;

/// <summary>
/// A saved bootstrap: versioned JSON, compressed by gzip. It holds the seed, what names the fit, and every replicate that is done, so that a cancelled run can be taken up.
/// </summary>
internal static class BootstrapFile
{
    /// <summary>The format's name and version; a reader refuses any other.</summary>
    public const string Format = "mixed/bootstrap/1";

    /// <summary>Writes a run, first beside the file and then in its place.</summary>
    /// <exception cref="DataException">It cannot be written.</exception>
    public static void Write(BootstrapDraws draws, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PackedJson.Write(path, "bootstrap", json => WriteRun(json, draws));
    }

    /// <summary>Reads a run.</summary>
    /// <exception cref="DataException">It cannot be read.</exception>
    public static BootstrapDraws Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path)) throw new DataException($"There is no file '{path}'; wanted a bootstrap written by 'mixed bootstrap … --save'.");
        try
        {
            using var json = PackedJson.Read(path);
            return ReadRun(json.RootElement, path);
        }
        catch (Exception failure) when (failure is InvalidDataException or JsonException or EndOfStreamException)
        {
            throw new DataException($"'{path}' is not a saved bootstrap or is cut short; run it again.", failure);
        }
        catch (Exception failure) when (failure is KeyNotFoundException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            throw new DataException($"The saved bootstrap '{path}' is damaged: {failure.Message} Run it again.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"The saved bootstrap '{path}' cannot be read: {failure.Message}", failure);
        }
    }

    private static void WriteRun(Utf8JsonWriter json, BootstrapDraws draws)
    {
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("library", LibraryVersion.Text);
        json.WriteString("fit", draws.Fingerprint);
        json.WriteString("seed", draws.Seed.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("replicates", draws.Count);
        json.WriteStartArray("parameters");
        foreach (var name in draws.Names) json.WriteStringValue(name);
        json.WriteEndArray();
        WriteNumbers(json, "estimates", draws.Estimates);
        json.WriteStartArray("done");
        foreach (var replicate in draws.Successful())
        {
            json.WriteStartObject();
            json.WriteNumber("replicate", replicate);
            WriteNumbers(json, "draw", draws.Row(replicate)!);
            WriteNumbers(json, "scores", draws.Scores(replicate)!);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("failed");
        foreach (var failure in draws.Failures)
        {
            json.WriteStartObject();
            json.WriteNumber("replicate", failure.Replicate);
            json.WriteString("reason", failure.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Numbers that read back to the same bits; null for one that is not finite.</summary>
    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            if (double.IsFinite(value)) json.WriteNumberValue(value);
            else json.WriteNullValue();
        }

        json.WriteEndArray();
    }

    private static BootstrapDraws ReadRun(JsonElement json, string path)
    {
        var format = json.TryGetProperty("format", out var name) ? name.GetString() : null;
        if (format != Format)
            throw new DataException($"'{path}' has format '{format ?? "none"}'; this version ({LibraryVersion.Text}) reads '{Format}'. Run the bootstrap again.");
        var draws = new BootstrapDraws(
            json.GetProperty("fit").GetString()!,
            ulong.Parse(json.GetProperty("seed").GetString()!, CultureInfo.InvariantCulture),
            json.GetProperty("replicates").GetInt32(),
            [.. json.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetString()!)],
            ReadNumbers(json.GetProperty("estimates")));
        foreach (var entry in json.GetProperty("done").EnumerateArray())
            draws.Succeed(entry.GetProperty("replicate").GetInt32(), ReadNumbers(entry.GetProperty("draw")), ReadNumbers(entry.GetProperty("scores")));
        foreach (var entry in json.GetProperty("failed").EnumerateArray())
            draws.Fail(entry.GetProperty("replicate").GetInt32(), entry.GetProperty("reason").GetString()!);
        return draws;
    }

    private static double[] ReadNumbers(JsonElement json) =>
        [.. json.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble())];
}
