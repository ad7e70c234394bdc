using System.Text.Json;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>The table of fixed effects. JSON: an array of objects as in the <c>fixed</c> part of a fit.</summary>
public sealed class CoefficientsReport : Report
{
    private readonly IReadOnlyList<Coefficient> coefficients;
    private readonly DegreesOfFreedom method;
    private readonly RobustCovariance? robust;
    private readonly IReadOnlyList<Finding> findings;

    /// <summary>Reports the fixed effects of a fit.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="method">How degrees of freedom are found; null: as the fit's options say.</param>
    /// <param name="robust">A cluster-robust covariance; null for the model's.</param>
    /// <exception cref="ArgumentNullException">There is no fit.</exception>
    /// <exception cref="InferenceException">The method does not apply to the fit.</exception>
    public CoefficientsReport(IMixedModelFit fit, DegreesOfFreedom? method = null, RobustCovariance? robust = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        var table = fit.Coefficients(method, robust);
        (coefficients, this.method, this.robust, findings) = (table, table.Method, table.Robust, table.Findings);
    }

    internal CoefficientsReport(FitFacts fit) => (coefficients, method, findings) = (fit.Coefficients, fit.Method, []);

    private protected override void WriteText(TextWriter writer)
    {
        writer.Write($"Fixed effects{FitWords.Method(method, robust)}\n");
        TextTable.Write(writer, FixedEffectsTable.ForReading(coefficients, method), indent: 1);
        FindingsText.Write(writer, findings);
    }

    private protected override void WriteMarkdown(TextWriter writer)
    {
        writer.Write($"### Fixed effects{FitWords.Method(method, robust)}\n\n");
        MarkdownTable.Write(writer, FixedEffectsTable.ForReading(coefficients, method));
        FindingsText.WriteMarkdown(writer, findings);
    }

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, FixedEffectsTable.ForPrograms(coefficients));

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        CoefficientJson.WriteRows(json, coefficients);
        json.WriteEndArray();
    }
}
