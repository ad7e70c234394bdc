using System.Text.Json;
using MixedModels.Data;

namespace MixedModels.Cli.Tests;

public class SavedFitVerbTests
{
    [Theory]
    [InlineData("coef", "Fixed effects (Satterthwaite's degrees of freedom)\n              Estimate  Std. error    df  t value         p\n")]
    [InlineData("ranef", "Subject (18 levels)")]
    [InlineData("vcov", "             (Intercept)")]
    public void Verb_OnASavedFit_PrintsItsPart(string verb, string start)
    {
        var library = new StubLibrary();
        var run = CommandRun.Of(library, verb, "m.fit");
        run.ExitCode.ShouldBe(0);
        run.Error.ShouldBeEmpty();
        run.Output.ShouldStartWith(start);
        library.Loaded.ShouldBe("m.fit");
    }

    [Theory]
    [InlineData("coef", JsonValueKind.Array)]
    [InlineData("ranef", JsonValueKind.Array)]
    [InlineData("vcov", JsonValueKind.Object)]
    public void Verb_Json_IsOneValue(string verb, JsonValueKind kind)
    {
        using var json = JsonDocument.Parse(CommandRun.Of(verb, "m.fit", "--output", "json").Output);
        json.RootElement.ValueKind.ShouldBe(kind);
    }

    [Fact]
    public void Verb_OnAnUnreadableModel_EndsWithUnusableData()
    {
        var run = CommandRun.Of(new StubLibrary { Failure = new DataException("m.fit is not a saved fit.") }, "coef", "m.fit");
        run.ShouldBe(new CommandRun(3, "", "mixed: m.fit is not a saved fit.\n"));
    }
}
