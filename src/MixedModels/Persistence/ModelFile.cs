using System.Text.Json;
using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Linear;
using MixedModels.Families;

namespace MixedModels.Persistence;

/// <summary>
/// A saved model: versioned JSON, compressed by gzip, with no code in it. It holds the formula, the options, the columns the model
/// uses and the optimum; reading it makes the design again and evaluates the deviance once, so that everything a fit can say, a
/// loaded one can say with the same bits. docs/decisions/0003-saved-models.md says why.
/// </summary>
internal static class ModelFile
{
    /// <summary>The format's name and version; a reader refuses any other.</summary>
    public const string Format = "mixed/model/1";

    /// <summary>Recomputed and stored deviance may differ by rounding, on another instruction set too.</summary>
    private const double AgreementShare = 1e-9;

    /// <summary>Writes a fit, first beside the file and then in its place, so that a failure leaves no half file.</summary>
    public static void Write(LinearMixedModelFit fit, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        PackedJson.Write(path, "model", json => WriteModel(json, fit));
    }

    /// <summary>Writes a generalized fit, in a format of its own.</summary>
    /// <exception cref="InferenceException">Its family is the user's own.</exception>
    public static void Write(GeneralizedMixedModelFit fit, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (fit.Family is CustomFamily)
            throw new InferenceException($"The family {fit.Family.Name} is code of your own, which a file does not hold; a fit of it cannot be saved. Fit it again where it is needed.");
        PackedJson.Write(path, "model", json => GeneralizedModelJson.Write(json, fit));
    }

    /// <summary>Reads a fit, linear or generalized.</summary>
    public static IMixedModelFit Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path)) throw new DataException($"'{path}' is a folder; wanted a model written by --save.");
        if (!File.Exists(path)) throw new DataException($"There is no file '{path}'; wanted a model written by --save.");
        try
        {
            using var json = PackedJson.Read(path);
            return ReadModel(json.RootElement, path);
        }
        catch (Exception failure) when (failure is InvalidDataException or JsonException or EndOfStreamException)
        {
            throw new DataException($"'{path}' is not a saved model or is cut short; fit again with --save.", failure);
        }
        catch (Exception failure) when (failure is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new DataException($"The saved model '{path}' is damaged: {failure.Message} Fit again with --save.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"The saved model '{path}' cannot be read: {failure.Message}", failure);
        }
    }

    private static void WriteModel(Utf8JsonWriter json, LinearMixedModelFit fit)
    {
        var options = fit.Model.Options;
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("library", LibraryVersion.Text);
        json.WriteString("formula", fit.Model.Formula);
        json.WriteStartObject("options");
        json.WriteString("criterion", options.Criterion == EstimationCriterion.Reml ? "REML" : "ML");
        json.WriteString("df", options.DegreesOfFreedom.Name());
        if (options.Residual is { } residual) json.WriteString("residual", residual.Text);
        if (options.Variance is { } variance) json.WriteString("variance", variance.Text);
        if (options.Dispersion is { } dispersion) json.WriteString("dispersion", dispersion);
        json.WriteString("weights", options.Weights);
        if (!options.HasResidual) json.WriteBoolean("hasResidual", false);
        json.WriteStartArray("offsets");
        foreach (var offset in options.Offsets) json.WriteStringValue(offset);
        json.WriteEndArray();
        WriteKept(json, options.Keep);
        json.WriteStartObject("contrasts");
        foreach (var (factor, contrast) in options.Contrasts) json.WriteString(factor, ContrastCodingNames.All[(int)contrast]);
        json.WriteEndObject();
        json.WriteEndObject();
        WriteOptimum(json, fit.Optimum);
        json.WriteString("dataHash", fit.Design.Data.ContentHash());
        TableJson.Write(json, "data", fit.Design.Data);
        json.WriteEndObject();
    }

    private static void WriteOptimum(Utf8JsonWriter json, LinearOptimum optimum)
    {
        json.WriteStartObject("optimum");
        json.WriteStartArray("theta");
        foreach (var value in optimum.Theta) json.WriteNumberValue(value);
        json.WriteEndArray();
        WriteNumbers(json, "phi", optimum.Phi);
        WriteNumbers(json, "fittedCovariate", optimum.FittedCovariate);
        if (optimum.IsResidualFlat) json.WriteBoolean("residualFlat", optimum.IsResidualFlat);
        json.WriteNumber("value", optimum.Value);
        json.WriteNumber("iterations", optimum.Iterations);
        json.WriteNumber("evaluations", optimum.Evaluations);
        json.WriteNumber("gradientNorm", optimum.GradientNorm);
        if (optimum.ConeEigenvalue is { } eigenvalue) json.WriteNumber("coneEigenvalue", eigenvalue);
        json.WriteNumber("flatParameter", optimum.FlatParameter);
        json.WriteBoolean("proved", optimum.Proved);
        if (optimum.IsWithoutResidual) json.WriteBoolean("withoutResidual", true);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, double[] values)
    {
        if (values.Length == 0) return;
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static double[] ReadNumbers(JsonElement json, string name) =>
        json.TryGetProperty(name, out var values) ? [.. values.EnumerateArray().Select(value => value.GetDouble())] : [];

    private static IMixedModelFit ReadModel(JsonElement json, string path)
    {
        var format = json.TryGetProperty("format", out var name) ? name.GetString() : null;
        if (format is not (Format or GeneralizedModelJson.Format))
        {
            var library = json.TryGetProperty("library", out var version) ? $", written by version {version.GetString()}" : string.Empty;
            throw new DataException(
                $"'{path}' has format '{format ?? "none"}'{library}; this version ({LibraryVersion.Text}) reads '{Format}'. Fit again with --save.");
        }

        var table = TableJson.Read(json.GetProperty("data"));
        if (table.ContentHash() != json.GetProperty("dataHash").GetString())
            throw new DataException($"The data in the saved model '{path}' do not match their hash: the file was changed. Fit again with --save.");
        return format == Format ? Linear(json, table, path) : Agreeing(GeneralizedModelJson.Read(json, table), json, path);
    }

    private static LinearMixedModelFit Linear(JsonElement json, DataTable table, string path)
    {
        var model = new LinearMixedModel(json.GetProperty("formula").GetString()!, ReadOptions(json.GetProperty("options")));
        var optimum = ReadOptimum(json.GetProperty("optimum"));
        return Agreeing(model.Restore(model.Prepare(table), optimum), json, path);
    }

    /// <summary>A fit whose deviance, evaluated again, is the one that was written down.</summary>
    private static TFit Agreeing<TFit>(TFit fit, JsonElement json, string path)
        where TFit : IMixedModelFit
    {
        // A generalized search may have ended where the likelihood is not defined, which JSON writes as null.
        if (json.GetProperty("optimum").GetProperty("value") is not { ValueKind: JsonValueKind.Number } number) return fit;
        var value = number.GetDouble();
        return Math.Abs(fit.Deviance - value) <= AgreementShare * (1 + Math.Abs(value))
            ? fit
            : throw new DataException($"The saved model '{path}' does not give its own deviance again: the file was changed. Fit again with --save.");
    }

    private static LinearMixedModelOptions ReadOptions(JsonElement json) => new()
    {
        Criterion = json.GetProperty("criterion").GetString() == "REML" ? EstimationCriterion.Reml : EstimationCriterion.MaximumLikelihood,
        DegreesOfFreedom = json.TryGetProperty("df", out var method) ? ReadMethod(method) : DegreesOfFreedom.Satterthwaite,
        Residual = json.TryGetProperty("residual", out var residual) ? Residual.Parse(residual.GetString()!) : null,
        Variance = json.TryGetProperty("variance", out var variance) ? VarianceFunctions.Parse(variance.GetString()!) : null,
        Dispersion = json.TryGetProperty("dispersion", out var dispersion) ? dispersion.GetString() : null,
        Weights = json.GetProperty("weights").GetString(),
        HasResidual = !json.TryGetProperty("hasResidual", out var hasResidual) || hasResidual.GetBoolean(),
        Offsets = [.. json.GetProperty("offsets").EnumerateArray().Select(offset => offset.GetString()!)],
        Keep = ReadKept(json),
        Contrasts = json.GetProperty("contrasts").EnumerateObject()
            .ToDictionary(entry => entry.Name, entry => ReadCoding(entry.Value), StringComparer.Ordinal),
    };

    internal static ContrastCoding ReadCoding(JsonElement json) => ContrastCodingNames.TryParse(json.GetString()!, out var coding)
        ? coding
        : throw new FormatException($"'{json.GetString()}' is no contrast coding.");

    /// <summary>Writes the names of columns that are kept though no formula uses them; nothing where there are none.</summary>
    internal static void WriteKept(Utf8JsonWriter json, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return;
        json.WriteStartArray("keep");
        foreach (var name in names) json.WriteStringValue(name);
        json.WriteEndArray();
    }

    /// <summary>Reads them.</summary>
    internal static string[] ReadKept(JsonElement options) => options.TryGetProperty("keep", out var kept) ? [.. kept.EnumerateArray().Select(name => name.GetString()!)] : [];

    private static DegreesOfFreedom ReadMethod(JsonElement json) => DegreesOfFreedomNames.TryParse(json.GetString()!, out var method)
        ? method
        : throw new FormatException($"'{json.GetString()}' is no method for degrees of freedom.");

    private static LinearOptimum ReadOptimum(JsonElement json) => new(
        [.. json.GetProperty("theta").EnumerateArray().Select(value => value.GetDouble())],
        json.GetProperty("value").GetDouble(),
        json.GetProperty("iterations").GetInt32(),
        json.GetProperty("evaluations").GetInt32(),
        json.GetProperty("gradientNorm").GetDouble(),
        json.TryGetProperty("coneEigenvalue", out var eigenvalue) ? eigenvalue.GetDouble() : null,
        json.GetProperty("flatParameter").GetInt32(),
        json.GetProperty("proved").GetBoolean())
    {
        IsWithoutResidual = json.TryGetProperty("withoutResidual", out var isWithout) && isWithout.GetBoolean(),
        Phi = ReadNumbers(json, "phi"),
        FittedCovariate = ReadNumbers(json, "fittedCovariate"),
        IsResidualFlat = json.TryGetProperty("residualFlat", out _),
    };
}
