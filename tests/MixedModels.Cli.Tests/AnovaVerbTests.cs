using System.Text.Json;

namespace MixedModels.Cli.Tests;

public sealed class AnovaVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Anova_SeveralModels_WritesTheTableOfTheContract()
    {
        var (small, large) = (Save("(1 | Subject)"), Save("(Days | Subject)"));
        using var json = JsonDocument.Parse(LibraryRun.Of("anova", large, small, "--output", "json").Output);
        var rows = json.RootElement.GetProperty("rows");
        rows[0].GetProperty("parameters").GetInt32().ShouldBe(4);
        rows[0].GetProperty("chisq").ValueKind.ShouldBe(JsonValueKind.Null);
        rows[1].GetProperty("model").GetString().ShouldBe("Reaction ~ Days + (Days | Subject)");
        rows[1].GetProperty("chisq").GetDouble().ShouldBe(42.8368, 1e-3);
        rows[1].GetProperty("df").GetInt32().ShouldBe(2);
        rows[1].GetProperty("pMixture").GetDouble().ShouldBeLessThan(rows[1].GetProperty("p").GetDouble());
        foreach (var key in new[] { "logLik", "aic", "aicc", "bic" }) rows[1].GetProperty(key).GetDouble().ShouldBeLessThan(2000);
    }

    [Theory]
    [InlineData("text", "Comparison of models by REML\n")]
    [InlineData("csv", "model,parameters,logLik,aic,aicc,bic,chisq,df,p,pMixture\n")]
    [InlineData("markdown", "### Comparison of models by REML\n")]
    public void Anova_EveryFormat_Begins(string format, string start) =>
        LibraryRun.Of("anova", Save("(1 | Subject)"), Save("(Days | Subject)"), "--output", format).Output.ShouldStartWith(start);

    [Theory]
    [InlineData("text", "Likelihood-ratio tests of random terms")]
    [InlineData("csv", "term,parameters,logLik,chisq,df,p,pMixture\n<none>,6,")]
    [InlineData("markdown", "### Likelihood-ratio tests of random terms")]
    [InlineData("json", "{\"method\":\"REML\",\"rows\":[{\"term\":\"<none>\",\"parameters\":6,\"logLik\":-871.8")]
    public void AnovaRandom_EveryFormat_Begins(string format, string start) =>
        LibraryRun.Of("anova", Save("(Days | Subject)"), "--random", "--output", format).Output.ShouldStartWith(start);

    [Fact]
    public void Anova_RemlOfDifferentFixedParts_EndsWithTheReason()
    {
        var run = LibraryRun.Of("anova", Save("(1 | Subject)"), Save("(1 | Subject)", "1"));
        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldContain("Refit by maximum likelihood (--refit)");
        LibraryRun.Of("anova", Save("(1 | Subject)"), Save("(1 | Subject)", "1"), "--refit").ExitCode.ShouldBe(ExitCode.Success);
    }

    [Theory]
    [InlineData("--refit is for comparing models, found 1", "anova", "m.fit", "--refit")]
    [InlineData("leave them out", "anova", "m.fit", "n.fit", "--type", "2")]
    [InlineData("--random tests the terms of one model, found 2", "anova", "m.fit", "n.fit", "--random")]
    [InlineData("Give one of the two", "anova", "m.fit", "--random", "--refit")]
    [InlineData("needs MODEL…", "anova")]
    public void Anova_WrongUsage_SaysWhatIsWanted(string message, params string[] args)
    {
        var run = CommandRun.Of(args);
        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldContain(message);
    }

    private string Save(string random, string mean = "Days")
    {
        var file = folder.File($"{Guid.NewGuid():N}.fit");
        LibraryRun.Of("fit", $"Reaction ~ {mean} + {random}", "example:sleepstudy", "--save", file).ExitCode.ShouldBe(0);
        return file;
    }
}
