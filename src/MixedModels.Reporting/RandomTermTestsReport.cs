using System.Text.Json;
using MixedModels.Reporting.Json;
using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting;

/// <summary>
/// A likelihood-ratio test of each random term, the fit itself first. JSON:
/// <c>{ "method", "rows": [ { "term", "parameters", "logLik", "chisq", "df", "p", "pMixture" } ], "messages" }</c>.
/// </summary>
public sealed class RandomTermTestsReport : Report
{
    private const string Whole = "<none>";

    private readonly RandomTermTests tests;

    /// <summary>Reports the tests.</summary>
    /// <param name="tests">The tests.</param>
    /// <exception cref="ArgumentNullException">There are none.</exception>
    public RandomTermTestsReport(RandomTermTests tests)
    {
        ArgumentNullException.ThrowIfNull(tests);
        this.tests = tests;
    }

    private string Title => $"Likelihood-ratio tests of random terms, each left out ({(tests.Criterion == EstimationCriterion.Reml ? "REML" : "maximum likelihood")})";

    private protected override void WriteText(TextWriter writer)
    {
        writer.Write(Title + "\n");
        TextTable.Write(writer, ForReading(), indent: 1);
        FindingsText.Write(writer, tests.Findings);
    }

    private protected override void WriteMarkdown(TextWriter writer)
    {
        writer.Write($"### {Title}\n\n");
        MarkdownTable.Write(writer, ForReading());
        FindingsText.WriteMarkdown(writer, tests.Findings);
    }

    private protected override void WriteCsv(TextWriter writer) => CsvTable.Write(writer, Table("term", "logLik", "chisq", "pMixture"));

    private protected override void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("method", tests.Criterion == EstimationCriterion.Reml ? "REML" : "ML");
        json.WriteStartArray("rows");
        WriteRow(json, Whole, tests.ParameterCount, tests.LogLikelihood, null);
        foreach (var test in tests.Tests) WriteRow(json, test.Term, test.ParameterCount, test.LogLikelihood, test);
        json.WriteEndArray();
        json.WriteStrings("messages", tests.Findings.Select(finding => finding.What));
        json.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter json, string term, int parameters, double logLikelihood, RandomTermTest? test)
    {
        json.WriteStartObject();
        json.WriteString("term", term);
        json.WriteNumber("parameters", parameters);
        json.WriteReal("logLik", logLikelihood);
        json.WriteReal("chisq", test?.ChiSquare);
        json.WriteReal("df", test?.DegreesOfFreedom);
        json.WriteReal("p", test?.PValue);
        json.WriteReal("pMixture", test?.MixturePValue);
        json.WriteEndObject();
    }

    private ResultTable ForReading() => Table("Left out", "logLik", "Chi-square", "p (mixture)");

    private ResultTable Table(string term, string logLikelihood, string chiSquare, string mixture) => new(
    [
        new TextColumn(term, [Whole, .. tests.Tests.Select(test => test.Term)]),
        new NumberColumn("parameters", [tests.ParameterCount, .. tests.Tests.Select(test => (double?)test.ParameterCount)], new DecimalsLayout(0)),
        new NumberColumn(logLikelihood, [tests.LogLikelihood, .. tests.Tests.Select(test => (double?)test.LogLikelihood)], new DecimalsLayout(2)),
        new NumberColumn(chiSquare, [null, .. tests.Tests.Select(test => (double?)test.ChiSquare)], new DecimalsLayout(3)),
        new NumberColumn("df", [null, .. tests.Tests.Select(test => (double?)test.DegreesOfFreedom)], new DecimalsLayout(0)),
        new NumberColumn("p", [null, .. tests.Tests.Select(test => (double?)test.PValue)], new ProbabilityLayout()),
        new NumberColumn(mixture, [null, .. tests.Tests.Select(test => test.MixturePValue)], new ProbabilityLayout()),
    ]);
}
