using System.Text.Json;

namespace MixedModels.Cli.Tests;

public sealed class ConfintVerbTests
{
    [Fact]
    public void ConfintProfile_Json_IsTheContract()
    {
        using var json = JsonDocument.Parse(CommandRun.Of("confint", "m.fit", "--method", "profile", "--output", "json").Output);
        string[] names = ["(Intercept)", "Days", "sd[Subject].(Intercept)", "sd[Subject].Days", "cor[Subject].(Intercept).Days", "sigma"];
        json.RootElement.EnumerateArray().Select(row => row.GetProperty("parameter").GetString()).ShouldBe(names);
        var days = json.RootElement[1];
        days.GetProperty("lower").GetDouble().ShouldBe(7.3587, 1e-3);
        days.GetProperty("upper").GetDouble().ShouldBe(13.5759, 1e-3);
        days.GetProperty("estimate").GetDouble().ShouldBe(10.4673, 1e-3);
    }

    [Theory]
    [InlineData("text", "95 % intervals by profile likelihood (maximum likelihood)\n")]
    [InlineData("csv", "parameter,estimate,lower,upper\n")]
    [InlineData("markdown", "### 95 % intervals by profile likelihood")]
    public void ConfintProfile_EveryFormat_Begins(string format, string start) =>
        CommandRun.Of("confint", "m.fit", "--method", "profile", "--output", format).Output.ShouldStartWith(start);

    [Fact]
    public void ConfintProfile_LevelAndCriterion_AreTaken()
    {
        var run = CommandRun.Of("confint", "m.fit", "--method", "profile", "--level", "0.9", "--criterion", "REML");
        run.Output.ShouldStartWith("90 % intervals by profile likelihood (REML)\n");
        run.Output.ShouldNotContain("\n Days ");
        run.Output.ShouldContain("[no-coefficients]");
    }

    [Theory]
    [InlineData("--method is missing", "confint", "m.fit")]
    [InlineData("--method has no choice 'likelihood'; one of profile, bootstrap, wald, delta is wanted", "confint", "m.fit", "--method", "likelihood")]
    [InlineData("--level 95: a number between 0 and 1 is wanted", "confint", "m.fit", "--method", "profile", "--level", "95")]
    [InlineData("--df and --vcov belong to --method wald", "confint", "m.fit", "--method", "profile", "--df", "residual")]
    [InlineData("--criterion has no choice 'AIC'", "confint", "m.fit", "--method", "profile", "--criterion", "AIC")]
    public void Confint_WrongUsage_SaysWhatIsWanted(string message, params string[] args)
    {
        var run = CommandRun.Of(args);
        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldContain(message);
    }
}
