using System.Text.Json;

namespace MixedModels.Cli.Tests;

public sealed class ChooseVerbTests : IDisposable
{
    private const string Formula = "Reaction ~ Days + (1 | Subject)";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Choose_Json_HasTheTrail()
    {
        using var json = JsonDocument.Parse(LibraryRun.Of("choose", Formula, "example:sleepstudy", "--output", "json").Output);
        var root = json.RootElement;
        root.GetProperty("schema").GetString().ShouldBe("mixed/choose/1");
        root.GetProperty("formula").GetString().ShouldBe("Reaction ~ Days + (1 + Days || Subject)");
        root.GetProperty("effects")[0].GetProperty("varyingLevels").GetInt32().ShouldBe(18);
        root.GetProperty("start").GetProperty("components")[0].GetProperty("rank").GetInt32().ShouldBe(2);
        var tried = root.GetProperty("tried");
        tried.EnumerateArray().Select(line => line.GetProperty("decision").GetString()).ShouldBe(["start", "accepted", "rejected"]);
        tried[0].GetProperty("chisq").ValueKind.ShouldBe(JsonValueKind.Null);
        tried[2].GetProperty("chisq").GetDouble().ShouldBe(42.796, 1e-3);
        root.GetProperty("messages").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public void Choose_Family_FitsIt()
    {
        var file = folder.File("ticks.fit");
        using var json = JsonDocument.Parse(
            LibraryRun.Of("choose", "TICKS ~ cHEIGHT + YEAR + (1 | LOCATION)", "example:grouseticks", "--family", "poisson", "--factor", "YEAR", "--save", file, "--output", "json").Output);
        json.RootElement.GetProperty("method").GetString().ShouldBe("ML");
        json.RootElement.GetProperty("tried")[0].GetProperty("logLik").GetDouble().ShouldBe(-1109.71, 0.01);
        LibraryRun.Of("ranef", file).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("text", "Chosen: Reaction ~ Days + (1 + Days || Subject)\n")]
    [InlineData("csv", "number,round,comparedWith,step,formula,parameters,logLik,aic,bic,chisq,df,p,pMixture,singular,verdict,evaluations,decision\n1,0,,start,")]
    [InlineData("markdown", "### Chosen random effects\n\n`Reaction ~ Days + (1 + Days || Subject)`\n")]
    public void Choose_EveryFormat_Begins(string format, string start) =>
        LibraryRun.Of("choose", Formula, "example:sleepstudy", "--output", format).Output.ShouldStartWith(start);

    [Fact]
    public void Choose_Save_KeepsTheChosenFit()
    {
        var file = folder.File("chosen.fit");
        LibraryRun.Of("choose", Formula, "example:sleepstudy", "--ml", "--by", "bic", "--save", file).ExitCode.ShouldBe(0);
        LibraryRun.Of("explain", file).Output.ShouldContain("(1 + Days || Subject)");
    }

    [Theory]
    [InlineData("--by has no choice 'AIC'", "--by", "AIC")]
    [InlineData("--alpha 0: a number between 0 and 1 is wanted", "--alpha", "0")]
    [InlineData("--alpha five: a number between 0 and 1 is wanted", "--alpha", "five")]
    [InlineData("leave it out beside --by aic", "--alpha", "0.1", "--by", "aic")]
    [InlineData("--from has no choice 'maximal'; one of design, formula is wanted", "--from", "maximal")]
    [InlineData("--threads 0: a whole number from 1", "--threads", "0")]
    public void Choose_WrongOption_SaysWhatIsWanted(string message, params string[] options)
    {
        var run = LibraryRun.Of(["choose", Formula, "example:sleepstudy", .. options]);
        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldContain(message);
        run.Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Reaction ~ Days", "has no random term to choose effects for")]
    [InlineData("Reaction ~ Days + (1 | Subjekt)", "Unknown column 'Subjekt'")]
    public void Choose_WrongFormula_SaysWhatIsWanted(string formula, string message)
    {
        var run = LibraryRun.Of("choose", formula, "example:sleepstudy");
        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldContain(message);
    }

    [Fact]
    public void Choose_SwappedArguments_AreNamed() =>
        LibraryRun.Of("choose", "example:sleepstudy", Formula).Error.ShouldContain("FORMULA comes before DATA: mixed choose");
}
