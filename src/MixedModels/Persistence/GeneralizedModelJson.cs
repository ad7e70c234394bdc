using System.Text.Json;
using MixedModels.Data;
using MixedModels.Design;
using MixedModels.Estimation.Generalized;
using MixedModels.Families;

namespace MixedModels.Persistence;

/// <summary>A saved generalized model: as <see cref="ModelFile"/> writes a linear one, with family and link, and the Hessian beside the optimum.</summary>
internal static class GeneralizedModelJson
{
    /// <summary>The format's name and version.</summary>
    public const string Format = "mixed/generalized/1";

    /// <summary>Writes a fit.</summary>
    public static void Write(Utf8JsonWriter json, GeneralizedMixedModelFit fit)
    {
        var options = fit.Model.Options;
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("library", LibraryVersion.Text);
        json.WriteString("formula", fit.Model.Formula);
        json.WriteString("family", fit.Family.Name);
        json.WriteString("link", fit.Family.Link.Name);
        json.WriteStartObject("options");
        json.WriteNumber("quadrature", options.Quadrature);
        json.WriteBoolean("reml", options.Criterion == EstimationCriterion.Reml);
        json.WriteString("weights", options.Weights);
        json.WriteString("trials", options.Trials);
        json.WriteString("frequency", options.Frequency);
        json.WriteStartArray("offsets");
        foreach (var offset in options.Offsets) json.WriteStringValue(offset);
        json.WriteEndArray();
        ModelFile.WriteKept(json, options.Keep);
        json.WriteStartObject("contrasts");
        foreach (var (factor, contrast) in options.Contrasts) json.WriteString(factor, ContrastCodingNames.All[(int)contrast]);
        json.WriteEndObject();
        json.WriteEndObject();
        WriteOptimum(json, fit.Optimum);
        json.WriteString("dataHash", fit.Design.Data.ContentHash());
        TableJson.Write(json, "data", fit.Design.Data);
        json.WriteEndObject();
    }

    /// <summary>Reads a fit whose data have been read.</summary>
    /// <exception cref="FormatException">A family or link is not one of this version.</exception>
    public static GeneralizedMixedModelFit Read(JsonElement json, DataTable table)
    {
        var link = Link.Find(json.GetProperty("link").GetString()!) ?? throw new FormatException("The link is not one of this version.");
        var family = FamilyCatalogue.Create(json.GetProperty("family").GetString()!, link) ?? throw new FormatException("The family is not one of this version.");
        var options = json.GetProperty("options");
        var model = new GeneralizedMixedModel(json.GetProperty("formula").GetString()!, family, new()
        {
            Quadrature = options.GetProperty("quadrature").GetInt32(),
            Criterion = options.TryGetProperty("reml", out var reml) && reml.GetBoolean() ? EstimationCriterion.Reml : EstimationCriterion.MaximumLikelihood,
            Weights = options.GetProperty("weights").GetString(),
            Trials = options.GetProperty("trials").GetString(),
            Frequency = options.GetProperty("frequency").GetString(),
            Offsets = [.. options.GetProperty("offsets").EnumerateArray().Select(offset => offset.GetString()!)],
            Keep = ModelFile.ReadKept(options),
            Contrasts = options.GetProperty("contrasts").EnumerateObject()
                .ToDictionary(entry => entry.Name, entry => ModelFile.ReadCoding(entry.Value), StringComparer.Ordinal),
        });
        return model.Restore(model.Prepare(table), ReadOptimum(json.GetProperty("optimum")));
    }

    private static void WriteOptimum(Utf8JsonWriter json, GeneralizedOptimum optimum)
    {
        json.WriteStartObject("optimum");
        WriteNumbers(json, "phi", optimum.Phi);
        WriteNumbers(json, "innerBeta", optimum.InnerBeta);
        WriteNumbers(json, "hessian", optimum.Hessian);
        WriteReal(json, "value", optimum.Value);
        json.WriteNumber("iterations", optimum.Iterations);
        json.WriteNumber("evaluations", optimum.Evaluations);
        WriteReal(json, "gradientNorm", optimum.GradientNorm);
        if (optimum.ConeEigenvalue is { } eigenvalue) json.WriteNumber("coneEigenvalue", eigenvalue);
        json.WriteNumber("flatParameter", optimum.FlatParameter);
        json.WriteBoolean("proved", optimum.Proved);
        if (optimum.LowerElsewhere is { } lower) json.WriteNumber("lowerElsewhere", lower);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, double[] values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static GeneralizedOptimum ReadOptimum(JsonElement json) => new(
        ReadNumbers(json.GetProperty("phi")),
        json.TryGetProperty("innerBeta", out var beta) ? ReadNumbers(beta) : [],
        ReadReal(json, "value"),
        ReadNumbers(json.GetProperty("hessian")),
        json.GetProperty("iterations").GetInt32(),
        json.GetProperty("evaluations").GetInt32(),
        ReadReal(json, "gradientNorm"),
        json.TryGetProperty("coneEigenvalue", out var eigenvalue) ? eigenvalue.GetDouble() : null,
        json.GetProperty("flatParameter").GetInt32(),
        json.GetProperty("proved").GetBoolean(),
        json.TryGetProperty("lowerElsewhere", out var lower) ? lower.GetDouble() : null);

    // JSON has no NaN: a search that ended where the likelihood is not defined.
    private static void WriteReal(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, value);
        else json.WriteNull(name);
    }

    private static double ReadReal(JsonElement json, string name) => json.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;

    private static double[] ReadNumbers(JsonElement json) => [.. json.EnumerateArray().Select(value => value.GetDouble())];
}
