using System.Text.Json;
using System.Text.RegularExpressions;
using MixedModels.Data;
using MixedModels.Reporting.Pages;

namespace MixedModels.Reporting.Tests.Pages;

public partial class ModelReportTests
{
    public static TheoryData<string> Examples => [.. FittedExamples.Names];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Html_OfAFit_HasItsPartsAndAsksForNothing(string example)
    {
        var report = ModelReport.Of(FittedExamples.Of(example), cancellationToken: TestContext.Current.CancellationToken);
        var html = report.ToString(PageFormat.Html);
        html.Split("<figure ").Length.ShouldBe(report.Figures.Count + 1);
        report.Figures.Count.ShouldBeGreaterThan(1);
        html.ShouldContain("<table ");
        html.ShouldContain("default-src 'none'");
        html.ShouldNotContain("<script");
        Address().Matches(html.Replace("xmlns=\"http://www.w3.org/2000/svg\"", "", StringComparison.Ordinal)).ShouldBeEmpty();
        Opened().Count(html).ShouldBe(Closed().Count(html));
        html.ShouldBe(ModelReport.Of(FittedExamples.Of(example), cancellationToken: TestContext.Current.CancellationToken).ToString());
    }

    [Fact]
    public void Html_NamesFromTheData_AreEscaped()
    {
        var html = ModelReport.Of(FittedExamples.Of("many"), new() { Title = "<script>alert(1)</script>" }, TestContext.Current.CancellationToken).ToString();
        html.ShouldNotContain("<script");
        html.ShouldNotContain("a<b>");
        html.ShouldContain("a&lt;b&gt; &amp; &quot;");
    }

    [Fact]
    public void Markdown_OfShares_HasOddsRatiosAndTheFamilyInWords()
    {
        var text = ModelReport.Of(FittedExamples.Of("shares"), cancellationToken: TestContext.Current.CancellationToken).ToString(PageFormat.Markdown);
        text.ShouldContain("How does the share of incidence depend on period, when rows of the same herd resemble each other?");
        text.ShouldContain("| period2 | 0.3707 |"); // exp(−0.9923), the estimate of the table above it
        text.ShouldContain("period4 (odds ratio 0.2059, p \\< 0.001)");
        text.ShouldContain("an effect multiplies the odds");
        text.ShouldContain("mixed fit \"cbind(incidence, size - incidence) ~ period + (1 | herd)\" DATA.csv --family binomial --link logit --factor period\n");
        text.ShouldContain("var table = DataTable.ReadCsv(\"DATA.csv\", new() { Factors = [\"period\"] });\nvar fit = new GeneralizedMixedModel(\"cbind(incidence, size - incidence) ~ period + (1 | herd)\", Family.Binomial()).Fit(table);");
        text.ShouldContain("logit(mu) = eta = X beta + Z1 b1");
        text.ShouldNotContain("| Residual |");
    }

    [Fact]
    public void Markdown_HasTablesAndCommands()
    {
        var text = ModelReport.Of(FittedExamples.Of("sleep"), new() { DataName = "my data.csv" }, TestContext.Current.CancellationToken).ToString(PageFormat.Markdown);
        text.ShouldStartWith("# Reaction: linear mixed model fitted by REML\n");
        text.ShouldContain("| Days |");
        text.ShouldContain("mixed fit \"Reaction ~ Days + (Days | Subject)\" \"my data.csv\"\n");
        text.ShouldContain("How does Reaction depend on Days, when rows of the same Subject resemble each other?");
    }

    [Fact]
    public void Markdown_OfATrial_HasVisitsMeansCovariancesAndContrasts()
    {
        var table = DataTable.ReadCsv(FittedExamples.Trial);
        var fit = new LinearMixedModel("FEV1 ~ RACE + SEX + ARMCD * AVISIT", new() { Residual = "us(AVISIT | USUBJID)" }).Fit(table);
        var report = ModelReport.Of(fit, cancellationToken: TestContext.Current.CancellationToken);
        var text = report.ToString(PageFormat.Markdown);
        text.ShouldContain("when rows of the same USUBJID resemble each other?");
        text.ShouldContain("What is left goes together within a subject, as us(AVISIT \\| USUBJID) says (unstructured: any covariance between visits)");
        text.ShouldContain("Residual SD: VIS1 6.368");
        Identified().Matches(report.ToString()).Select(match => match.Value).ShouldBeUnique(StringComparer.Ordinal);
        text.ShouldContain("| all | 197 | 134 | 140 | 129 | 134 |");
        text.ShouldContain("Of 197 subjects 39 were seen at every visit, 40 from the first to some visit and not after it, 118 with gaps.");
        text.ShouldContain("| x x x x | 39 | 19.8 |");

        // The package mmrm, vignette on these data: least-squares means 33.3 (31.8 to 34.8) and 37.1 (35.6 to 38.6) at the first visit, covariance of visits 40.55, 14.40, 26.57.
        text.ShouldContain("| VIS1 | PBO | 68 | 32.4965 | 6.088 | 33.3318 | 31.8390 | 34.8246 |");
        text.ShouldContain("| VIS1 | TRT | 66 | 36.7787 | 7.259 | 37.1062 | 35.5988 | 38.6136 |");
        text.ShouldContain("| VIS2 | 14.396 | 26.571 |");
        text.ShouldContain("| VIS4 | TRT - PBO | 4.3985 | 1.6806 | 1.0746 | 7.7225 | 0.0099 |");
        text.ShouldContain("so R is V");
        text.ShouldContain(" --residual \"us(AVISIT | USUBJID)\"");
    }

    [Fact]
    public void Markdown_OfRandomSlopes_HasVisitsWhereTheyAreNamed()
    {
        var options = new ModelReportOptions { Visits = "Days" };
        var text = ModelReport.Of(FittedExamples.Of("sleep"), options, TestContext.Current.CancellationToken).ToString(PageFormat.Markdown);
        text.ShouldContain("Every subject was seen at every visit.");
        text.ShouldContain("| 0 | 1267.0 |"); // Var(intercept) + sigma² = 612.09 + 654.94
        Should.Throw<InferenceException>(() => ModelReport.Of(FittedExamples.Of("sleep"), new() { Visits = "Hours" }, TestContext.Current.CancellationToken)).Message.ShouldContain("'Hours'");
    }

    [Fact]
    public void Latex_HasTablesAndEscapesWhatMeansSomething()
    {
        var text = ModelReport.Of(FittedExamples.Of("sleep"), new() { Title = "50 % & #1_x" }, TestContext.Current.CancellationToken).ToString(PageFormat.Latex);
        text.ShouldContain("\\title{50 \\% \\& \\#1\\_x}");
        text.ShouldContain("\\begin{longtable}{lrrrrr}\n");
        text.ShouldContain("Days & 10.467 & 1.546");
        text.ShouldEndWith("\\end{document}\n");
        LatexPage.Escape("R²: −1 ± x|y").ShouldBe("R\\textsuperscript{2}: $-$1 $\\pm$ x\\textbar{}y");
    }

    [Fact]
    public void Json_IsOneValueWithSections()
    {
        using var json = JsonDocument.Parse(ModelReport.Of(FittedExamples.Of("cake"), cancellationToken: TestContext.Current.CancellationToken).ToString(PageFormat.Json));
        json.RootElement.GetProperty("sections").EnumerateArray().Select(section => section.GetProperty("title").GetString()).ShouldContain("Estimates", StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("y ~ `a \"b\"` + (1 | g)", "mixed fit \"y ~ \\`a \\\"b\\\"\\` + (1 | g)\" d.csv --ml")]
    public void FitCommand_OfAFormulaWithQuotes_IsSafeInAShell(string formula, string command) =>
        FitCommand.Of(new LinearMixedModel(formula, new() { Criterion = EstimationCriterion.MaximumLikelihood }), "d.csv").ShouldBe(command);

    [GeneratedRegex(@"https?://|url\(|src=|@import", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Address();

    [GeneratedRegex("id=\"[^\"]*\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Identified();

    [GeneratedRegex("<(figure|section|table|tr|ul|pre|svg|g)[ >]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Opened();

    [GeneratedRegex("</(figure|section|table|tr|ul|pre|svg|g)>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Closed();
}
