using System.Globalization;
using System.Text.Json;
using MixedModels.LinearAlgebra;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>The covariance of the fixed effects, or of the responses of some rows, rows and columns in their order. JSON: <c>{ "names", "values" }</c>.</summary>
public sealed class CovarianceReport : Report
{
    private readonly string[] names;
    private readonly Matrix covariance;

    /// <summary>Reports the p×p covariance of a fit's fixed effects.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="method">A method for degrees of freedom whose covariance is wanted: Kenward and Roger's is adjusted; null for the model's covariance.</param>
    /// <param name="robust">A cluster-robust covariance; null for none.</param>
    /// <exception cref="ArgumentNullException">There is no fit.</exception>
    /// <exception cref="InferenceException">The method or the clusters do not apply to the fit.</exception>
    public CovarianceReport(IMixedModelFit fit, DegreesOfFreedom? method = null, RobustCovariance? robust = null)
        : this(FitFacts.Of(fit))
    {
        if (method is not null || robust is not null) covariance = fit.CoefficientCovarianceOf(method, robust);
    }

    /// <summary>Reports the covariance of the responses of some rows, named by the numbers of the table's rows from 1.</summary>
    /// <param name="block">The covariance.</param>
    /// <param name="asCorrelations">Whether correlations are wanted.</param>
    /// <exception cref="ArgumentNullException">There is no covariance.</exception>
    public CovarianceReport(MarginalCovariance block, bool asCorrelations)
    {
        ArgumentNullException.ThrowIfNull(block);
        names = [.. block.Rows.Select(row => (row + 1).ToString(CultureInfo.InvariantCulture))];
        covariance = asCorrelations ? block.Correlations : block.Values;
    }

    internal CovarianceReport(FitFacts fit)
    {
        names = [.. fit.Coefficients.Select(row => row.Name)];
        covariance = fit.CoefficientCovariance;
    }

    private protected override void WriteText(TextWriter writer) => TextTable.Write(writer, Table(""));

    private protected override void WriteMarkdown(TextWriter writer) => MarkdownTable.Write(writer, Table(""));

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, Table("name"));

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStrings("names", names);
        json.WriteMatrix("values", covariance);
        json.WriteEndObject();
    }

    private ResultTable Table(string nameHeader)
    {
        var columns = new List<ResultColumn> { new TextColumn(nameHeader, names) };
        for (var column = 0; column < names.Length; column++)
        {
            var current = column;
            columns.Add(new NumberColumn(names[column], [.. names.Select((_, row) => (double?)covariance[row, current])], new SignificantLayout()));
        }

        return new(columns);
    }
}
