using System.Text.Json;
using System.Text.RegularExpressions;
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
        html.ShouldContain("<table>");
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

    [GeneratedRegex("<(figure|section|table|tr|ul|pre|svg|g)[ >]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Opened();

    [GeneratedRegex("</(figure|section|table|tr|ul|pre|svg|g)>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Closed();
}
