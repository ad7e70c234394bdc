using System.Text.Json;

namespace MixedModels.Cli.Tests;

public class GeneralizedFitTests
{
    private const string Formula = "cbind(incidence, size - incidence) ~ period + (1 | herd)";

    [Fact]
    public void Fit_Binomial_PrintsFamilyLinkAndMethod()
    {
        var run = LibraryRun.Of("fit", Formula, "example:cbpp", "--family", "binomial");
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldStartWith("Generalized linear mixed model (binomial, logit link) fitted by maximum likelihood, Laplace approximation\n");
        run.Output.ShouldContain("z value");
        run.Output.ShouldNotContain("Residual");
    }

    [Fact]
    public void Fit_BinomialAsJson_HasTheKeysOfTheSchema()
    {
        using var json = Json("fit", Formula, "example:cbpp", "--family", "binomial", "--output", "json");
        var fit = json.RootElement;
        fit.GetProperty("family").GetString().ShouldBe("binomial");
        fit.GetProperty("link").GetString().ShouldBe("logit");
        fit.GetProperty("method").GetString().ShouldBe("Laplace");
        fit.GetProperty("dfMethod").GetString().ShouldBe("none");
        fit.GetProperty("sigma").ValueKind.ShouldBe(JsonValueKind.Null);
        fit.GetProperty("logLik").GetDouble().ShouldBe(-92.02628186, 1e-7);
        fit.GetProperty("familyParameters").EnumerateObject().ShouldBeEmpty();
        fit.GetProperty("fixed")[1].GetProperty("df").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Fit_NegativeBinomial_ReportsItsParameter()
    {
        using var json = Json("fit", "incidence ~ period + (1 | herd)", "example:cbpp", "--family", "nbinom2", "--output", "json");
        json.RootElement.GetProperty("familyParameters").GetProperty("theta").GetDouble().ShouldBeGreaterThan(0);
        json.RootElement.GetProperty("parameters").GetInt32().ShouldBe(6);
        LibraryRun.Of("fit", "incidence ~ period + (1 | herd)", "example:cbpp", "--family", "nbinom2", "--output", "csv").Output.ShouldContain("family,theta,");
        LibraryRun.Of("fit", "incidence ~ period + (1 | herd)", "example:cbpp", "--family", "nbinom2").Output.ShouldContain("Family parameters: theta ");
    }

    [Fact]
    public void SavedFit_OfAFamily_AnswersTheVerbsItCan()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("cbpp.fit");
        LibraryRun.Of("fit", Formula, "example:cbpp", "--family", "binomial", "--save", file).ExitCode.ShouldBe(0);
        LibraryRun.Of("coef", file).Output.ShouldContain("period2");
        LibraryRun.Of("ranef", file, "--output", "csv").Output.ShouldContain("herd,1,");
        LibraryRun.Of("vcov", file).ExitCode.ShouldBe(0);
        LibraryRun.Of("test", file, "period2 = 0").ExitCode.ShouldBe(0);
        LibraryRun.Of("anova", file, "--output", "json").Output.ShouldContain("chisq");
        LibraryRun.Of("means", file, "--over", "period", "--pairwise").Output.ShouldContain("period");
        LibraryRun.Of("predict", file, "example:cbpp", "--link").Output.ShouldContain("-0.808");
        LibraryRun.Of("predict", file, "example:cbpp", "--interval", "0.95").Output.ShouldContain("lower");
        LibraryRun.Of("predict", file, "example:cbpp", "--link", "--response").ExitCode.ShouldBe(2);
        LibraryRun.Of("simulate", file, "--replicates", "2", "--seed", "1").ExitCode.ShouldBe(0);
        var small = folder.File("small.fit");
        LibraryRun.Of("fit", "cbind(incidence, size - incidence) ~ 1 + (1 | herd)", "example:cbpp", "--family", "binomial", "--save", small).ExitCode.ShouldBe(0);
        LibraryRun.Of("anova", small, file).Output.ShouldContain("25.610");
        var linear = folder.File("linear.fit");
        LibraryRun.Of("fit", "incidence ~ 1 + (1 | herd)", "example:cbpp", "--save", linear).ExitCode.ShouldBe(0);
        LibraryRun.Of("anova", linear, file).Error.ShouldContain("of its kind only");
        LibraryRun.Of("anova", file, "--random").Output.ShouldContain("(1 | herd)");
        LibraryRun.Of("anova", small, file, "--refit").Error.ShouldContain("--refit is for REML");
        LibraryRun.Of("explain", file).Output.ShouldContain("logit(mu) = eta = X beta + Z1 b1");
        LibraryRun.Of("diagnose", file).Output.ShouldContain("Without level '11' of 'herd' (4 rows)");
        LibraryRun.Of("plot", "calibration", file).Output.ShouldStartWith("<svg ");
        LibraryRun.Of("plot", "rootogram", file).Error.ShouldContain("the responses are no counts");
        LibraryRun.Of("plot", "influence", file).Output.ShouldStartWith("<svg ");
        LibraryRun.Of("report", file, "--output", "markdown").Output.ShouldContain("Odds ratio");
    }

    [Fact]
    public void Fit_WithFrequencies_IsTheFitOfRepeatedRows()
    {
        using var folder = new TemporaryFolder();
        var (counted, repeated) = (folder.File("counted.csv"), folder.File("repeated.csv"));
        var (rows, copies) = (new List<string> { "y,x,g,n" }, new List<string> { "y,x,g,n" });
        for (var i = 0; i < 40; i++)
        {
            var n = 1 + (i % 3);
            var row = FormattableString.Invariant($"{(i * 7 % 5) + (i % 4)},{i % 6},g{i % 8},{n}");
            rows.Add(row);
            for (var k = 0; k < n; k++) copies.Add(row);
        }

        File.WriteAllLines(counted, rows);
        File.WriteAllLines(repeated, copies);
        foreach (var family in new[] { "poisson", "nbinom1" })
        {
            using var first = Json("fit", "y ~ x + (1 | g)", counted, "--family", family, "--frequency", "n", "--output", "json", "--quiet");
            using var second = Json("fit", "y ~ x + (1 | g)", repeated, "--family", family, "--output", "json", "--quiet");
            first.RootElement.GetProperty("logLik").GetDouble().ShouldBe(second.RootElement.GetProperty("logLik").GetDouble(), 1e-6);
            first.RootElement.GetProperty("fixed")[1].GetProperty("se").GetDouble().ShouldBe(second.RootElement.GetProperty("fixed")[1].GetProperty("se").GetDouble(), 1e-5);
        }
    }

    private static JsonDocument Json(params string[] arguments)
    {
        var run = LibraryRun.Of(arguments);
        run.Error.ShouldBeEmpty();
        return JsonDocument.Parse(run.Output);
    }
}
