using System.Text.Json;

namespace MixedModels.Cli.Tests;

public sealed class BootstrapVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Bootstrap_Json_IsTheContract()
    {
        using var json = JsonDocument.Parse(Run("bootstrap", "m.fit", "--replicates", "20", "--seed", "1", "--output", "json").Output);
        var root = json.RootElement;
        (root.GetProperty("replicates").GetInt32(), root.GetProperty("failed").GetInt32()).ShouldBe((20, 0));
        root.GetProperty("parameters").GetArrayLength().ShouldBe(6);
        root.GetProperty("draws").GetArrayLength().ShouldBe(20);
        root.GetProperty("draws")[0].GetArrayLength().ShouldBe(6);
    }

    [Theory]
    [InlineData("text", "Parametric bootstrap: 40 of 40 replicates, 0 failed, seed 1\n")]
    [InlineData("csv", "(Intercept),Days,sd[Subject].(Intercept),sd[Subject].Days,cor[Subject].(Intercept).Days,sigma\n")]
    [InlineData("markdown", "### Parametric bootstrap: 40 of 40")]
    public void Bootstrap_EveryFormat_Begins(string format, string start) =>
        Run("bootstrap", "m.fit", "--replicates", "40", "--seed", "1", "--output", format).Output.ShouldStartWith(start);

    [Theory]
    [InlineData("percentile")]
    [InlineData("basic")]
    [InlineData("bca")]
    public void ConfintBootstrap_EveryType_HasIntervalsAroundTheEstimates(string type)
    {
        using var json = JsonDocument.Parse(
            Run("confint", "m.fit", "--method", "bootstrap", "--replicates", "400", "--seed", "1", "--type", type, "--output", "json").Output);
        foreach (var row in json.RootElement.EnumerateArray())
            row.GetProperty("estimate").GetDouble().ShouldBeInRange(row.GetProperty("lower").GetDouble(), row.GetProperty("upper").GetDouble());
    }

    [Fact]
    public void Bootstrap_Cancelled_KeepsWhatIsDoneAndIsTakenUpAgain()
    {
        var file = folder.File("draws.boot");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var run = CommandRun.Of(new StubLibrary(), cancelled.Token, "bootstrap", "m.fit", "--replicates", "30", "--seed", "1", "--save", file);
        run.ExitCode.ShouldBe(ExitCode.Cancelled);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldBe($"mixed: cancelled after 0 of 30 replicates; they are kept in {file}, go on with --resume {file}.\n");
        var whole = Run("bootstrap", "m.fit", "--replicates", "30", "--seed", "1").Output;
        Run("bootstrap", "m.fit", "--replicates", "30", "--seed", "1", "--resume", file, "--save", file).Output.ShouldBe(whole);
        Run("bootstrap", "m.fit", "--replicates", "30", "--seed", "1", "--resume", file).Output.ShouldBe(whole);
        Run("confint", "m.fit", "--method", "bootstrap", "--replicates", "30", "--seed", "2", "--resume", file).Error.ShouldContain("seed 1, not 2");
    }

    [Fact]
    public void Bootstrap_OnATerminal_DrawsItsProgressAndClearsIt()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new VerbContext(new StubLibrary(), output, error, Stream.Null, CancellationToken.None) { ShowsProgress = true };
        CommandLineApplication.Run(["bootstrap", "m.fit", "--replicates", "30", "--seed", "1"], context).ShouldBe(0);
        error.ToString().ShouldContain("30 of 30");
        error.ToString().ShouldEndWith("\r");
        CommandLineApplication.Run(["bootstrap", "m.fit", "--replicates", "3", "--seed", "1", "--quiet"], context).ShouldBe(0);
        error.ToString().ShouldEndWith(" \r", Case.Sensitive, "a quiet run draws nothing more");
    }

    [Theory]
    [InlineData("--replicates 0: a whole number from 1 to 2147483647 is wanted", "bootstrap", "m.fit", "--replicates", "0", "--seed", "1")]
    [InlineData("--replicates N is needed", "bootstrap", "m.fit", "--seed", "1")]
    [InlineData("--seed S is needed", "bootstrap", "m.fit", "--replicates", "10")]
    [InlineData("--threads none: a whole number", "bootstrap", "m.fit", "--replicates", "10", "--seed", "1", "--threads", "none")]
    [InlineData("belong to --method bootstrap", "confint", "m.fit", "--method", "profile", "--replicates", "10")]
    [InlineData("belongs to --method profile", "confint", "m.fit", "--method", "bootstrap", "--criterion", "ML", "--replicates", "10", "--seed", "1")]
    [InlineData("--type has no choice 'bc'", "confint", "m.fit", "--method", "bootstrap", "--replicates", "10", "--seed", "1", "--type", "bc")]
    public void Bootstrap_WrongUsage_SaysWhatIsWanted(string message, params string[] args)
    {
        var run = Run(args);
        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldContain(message);
    }

    private static CommandRun Run(params string[] args) => CommandRun.Of(args);
}
