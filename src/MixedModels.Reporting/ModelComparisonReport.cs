using System.Globalization;
using System.Text.Json;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>
/// Likelihood-ratio tests along a sequence of models. JSON:
/// <c>{ "method", "rows": [ { "model", "parameters", "logLik", "aic", "aicc", "bic", "chisq", "df", "p", "pMixture" } ], "messages" }</c>.
/// </summary>
public sealed class ModelComparisonReport : Report
{
    private readonly ModelComparison comparison;

    /// <summary>Reports a comparison.</summary>
    /// <param name="comparison">The comparison.</param>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public ModelComparisonReport(ModelComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        this.comparison = comparison;
    }

    private string Title => $"Comparison of models by {(comparison.Criterion == EstimationCriterion.Reml ? "REML" : "maximum likelihood")}";

    private IReadOnlyList<ComparedModel> Models => comparison.Models;

    private protected override void WriteText(TextWriter writer)
    {
        writer.Write(Title + "\n");
        for (var i = 0; i < Models.Count; i++) writer.Write(string.Create(CultureInfo.InvariantCulture, $" {i + 1}: {Models[i].Formula}\n"));
        writer.Write('\n');
        TextTable.Write(writer, ForReading(), indent: 1);
        FindingsText.Write(writer, comparison.Findings);
    }

    private protected override void WriteMarkdown(TextWriter writer)
    {
        writer.Write($"### {Title}\n\n");
        for (var i = 0; i < Models.Count; i++) writer.Write(string.Create(CultureInfo.InvariantCulture, $"{i + 1}. {MarkdownTable.CodeSpan(Models[i].Formula)}\n"));
        writer.Write('\n');
        MarkdownTable.Write(writer, ForReading());
        FindingsText.WriteMarkdown(writer, comparison.Findings);
    }

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, new(
    [
        new TextColumn("model", [.. Models.Select(model => model.Formula)]),
        Column("parameters", model => model.ParameterCount),
        Column("logLik", model => model.LogLikelihood),
        Column("aic", model => model.Aic),
        Column("aicc", model => model.CorrectedAic),
        Column("bic", model => model.Bic),
        Column("chisq", model => model.ChiSquare),
        Column("df", model => model.DegreesOfFreedom),
        Column("p", model => model.PValue),
        Column("pMixture", model => model.MixturePValue),
    ]));

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("method", comparison.Criterion == EstimationCriterion.Reml ? "REML" : "ML");
        json.WriteStartArray("rows");
        foreach (var model in Models)
        {
            json.WriteStartObject();
            json.WriteString("model", model.Formula);
            json.WriteNumber("parameters", model.ParameterCount);
            json.WriteReal("logLik", model.LogLikelihood);
            json.WriteReal("aic", model.Aic);
            json.WriteReal("aicc", model.CorrectedAic);
            json.WriteReal("bic", model.Bic);
            json.WriteReal("chisq", model.ChiSquare);
            json.WriteReal("df", model.DegreesOfFreedom);
            json.WriteReal("p", model.PValue);
            json.WriteReal("pMixture", model.MixturePValue);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStrings("messages", comparison.Findings.Select(finding => finding.What));
        json.WriteEndObject();
    }

    private ResultTable ForReading()
    {
        var columns = new List<ResultColumn>
        {
            new TextColumn("Model", [.. Enumerable.Range(1, Models.Count).Select(number => number.ToString(CultureInfo.InvariantCulture))]),
            Column("parameters", model => model.ParameterCount, new DecimalsLayout(0)),
            Column("logLik", model => model.LogLikelihood, new DecimalsLayout(2)),
            Column("AIC", model => model.Aic, new DecimalsLayout(2)),
            Column("AICc", model => model.CorrectedAic, new DecimalsLayout(2)),
            Column("BIC", model => model.Bic, new DecimalsLayout(2)),
            Column("Chi-square", model => model.ChiSquare, new DecimalsLayout(3)),
            Column("df", model => model.DegreesOfFreedom, new DecimalsLayout(0)),
            Column("p", model => model.PValue, new ProbabilityLayout()),
        };
        if (Models.Any(model => model.MixturePValue is not null))
            columns.Add(Column("p (mixture)", model => model.MixturePValue, new ProbabilityLayout()));
        return new(columns);
    }

    private NumberColumn Column(string header, Func<ComparedModel, double?> value, NumberLayout? layout = null) =>
        new(header, [.. Models.Select(value)], layout ?? new SignificantLayout());
}
