using System.Text.Json;
using MixedModels.Persistence;

namespace MixedModels.Reporting.Json;

/// <summary>A fit in JSON, schema <c>mixed/fit/1</c>: every key is present in every fit.</summary>
internal static class FitJson
{
    /// <summary>Writes the fit as one object.</summary>
    public static void Write(Utf8JsonWriter json, FitFacts fit, FitTimings timings)
    {
        json.WriteStartObject();
        WriteModel(json, fit);
        WriteCriterion(json, fit);
        json.WriteStartArray("fixed");
        CoefficientJson.WriteRows(json, fit.Coefficients);
        json.WriteEndArray();
        json.WriteString("dfMethod", fit.Method.Name());
        json.WriteStrings("aliased", fit.AliasedColumns);
        json.WriteMatrix("vcov", fit.CoefficientCovariance);
        WriteRandom(json, fit.RandomTerms);
        WriteShares(json, fit);
        ResidualJson.Write(json, fit.Residual);
        WriteOtherParts(json, fit);
        WriteOptimizer(json, fit.Convergence);
        WriteSeconds(json, timings);
        json.WriteString("version", LibraryVersion.Text);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, FitFacts fit)
    {
        json.WriteString("schema", "mixed/fit/1");
        json.WriteString("formula", fit.Formula);
        json.WriteString("family", fit.Family);
        json.WriteString("link", fit.Link);
        json.WriteString("method", fit.Integration ?? (fit.Options.Criterion == EstimationCriterion.Reml ? "REML" : "ML"));
        json.WriteNumber("observations", fit.Observations);
        json.WriteNumber("dropped", fit.DroppedRows);
        json.WriteBoolean("converged", fit.Convergence.Converged);
        json.WriteBoolean("singular", fit.IsSingular);
        json.WriteStrings("messages", fit.Findings.Select(finding => finding.What));
    }

    private static void WriteCriterion(Utf8JsonWriter json, FitFacts fit)
    {
        json.WriteReal("logLik", fit.LogLikelihood);
        json.WriteReal("deviance", fit.Deviance);
        json.WriteNumber("parameters", fit.ParameterCount);
        json.WriteReal("aic", fit.Aic);
        json.WriteReal("bic", fit.Bic);
        json.WriteReal("sigma", fit.Sigma);
    }

    private static void WriteRandom(Utf8JsonWriter json, IReadOnlyList<RandomTermEstimate> terms)
    {
        json.WriteStartArray("random");
        foreach (var term in terms)
        {
            json.WriteStartObject();
            json.WriteString("component", "conditional");
            json.WriteString("group", term.Group);
            json.WriteString("structure", term.Structure);
            json.WriteNumber("levels", term.LevelCount);
            json.WriteStrings("names", term.ColumnNames);
            json.WriteNumbers("sd", term.StandardDeviations);
            json.WriteMatrix("cor", term.Correlations);
            json.WriteStartObject("parameters");
            foreach (var parameter in term.Parameters)
                json.WriteReal(parameter.Name, parameter.Value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteShares(Utf8JsonWriter json, FitFacts fit)
    {
        json.WriteStartObject("r2");
        json.WriteReal("marginal", fit.RSquared?.Marginal.Estimate);
        json.WriteReal("conditional", fit.RSquared?.Conditional.Estimate);
        if (FitWords.Observation(fit.ObservationVariance) is { } word) json.WriteString("observation", word);
        json.WriteEndObject();
        json.WriteStartArray("icc");
        foreach (var icc in fit.IntraclassCorrelations)
        {
            json.WriteStartObject();
            json.WriteString("group", icc.Group);
            json.WriteReal("icc", icc.Share.Estimate);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // A Gaussian identity model has nothing in these; readers of the schema may rely on the keys.
    private static void WriteOtherParts(Utf8JsonWriter json, FitFacts fit)
    {
        json.WriteStartArray("dispersion");
        CoefficientJson.WriteRows(json, fit.Dispersion);
        json.WriteEndArray();
        json.WriteEmptyArray("zi");
        json.WriteEmptyArray("thresholds");
        json.WriteStartObject("familyParameters");
        foreach (var (name, value) in fit.FamilyParameters) json.WriteReal(name, value);
        json.WriteEndObject();
    }

    private static void WriteOptimizer(Utf8JsonWriter json, ConvergenceReport convergence)
    {
        json.WriteStartObject("optimizer");
        json.WriteString("name", convergence.Optimizer);
        json.WriteNumber("iterations", convergence.Iterations);
        json.WriteNumber("evaluations", convergence.Evaluations);
        json.WriteReal("gradientNorm", convergence.GradientNorm);
        json.WriteReal("minimumConeEigenvalue", convergence.MinimumConeEigenvalue);
        json.WriteEndObject();
    }

    private static void WriteSeconds(Utf8JsonWriter json, FitTimings timings)
    {
        json.WriteStartObject("seconds");
        json.WriteReal("read", timings.Read);
        json.WriteReal("design", timings.Design);
        json.WriteReal("fit", timings.Fit);
        json.WriteReal("total", timings.Total);
        json.WriteEndObject();
    }
}
