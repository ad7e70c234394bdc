using System.Text.Json;

namespace MixedModels.Cli.Tests;

/// <summary>The verbs that test: <c>anova</c>, <c>test</c>, <c>confint</c>, and <c>--df</c> wherever it stands.</summary>
public class InferenceVerbTests
{
    [Theory]
    [InlineData("Type III tests (Satterthwaite's degrees of freedom)\n", "anova", "m.fit")]
    [InlineData("Type I tests (Kenward and Roger's standard errors and degrees of freedom)\n", "anova", "m.fit", "--type", "1", "--df", "kenward-roger")]
    [InlineData("Type II tests (Wald's chi-square, variances taken as known)\n", "anova", "m.fit", "--type", "2", "--test", "chisq")]
    [InlineData("Linear hypotheses (normal approximation)\n", "test", "m.fit", "Days = 10", "-(Intercept) + 250 = 0", "--df", "none")]
    [InlineData("Wald intervals, 90 % (residual degrees of freedom)\n", "confint", "m.fit", "--method", "wald", "--level", "0.9", "--df", "residual")]
    [InlineData("Fixed effects (containment degrees of freedom)\n", "coef", "m.fit", "--df", "containment")]
    [InlineData("Fixed effects (CR2 covariance by Subject, Bell and McCaffrey's degrees of freedom)\n", "coef", "m.fit", "--vcov", "CR2")]
    [InlineData("Type III tests (CR1 covariance by Subject, degrees of freedom: clusters less one)\n", "anova", "m.fit", "--vcov", "CR1", "--cluster", "Subject")]
    [InlineData("Type III tests (Wald's chi-square, CR0 covariance by Subject)\n", "anova", "m.fit", "--vcov", "CR0", "--test", "chisq")]
    [InlineData("Linear hypotheses (CR3 covariance by Subject, normal approximation)\n", "test", "m.fit", "Days = 10", "--vcov", "CR3", "--df", "none")]
    [InlineData("Wald intervals, 95 % (CR2 covariance by Subject, Bell and McCaffrey's degrees of freedom)\n", "confint", "m.fit", "--method", "wald", "--vcov", "CR2")]
    [InlineData("Fixed effects (Satterthwaite's degrees of freedom)\n", "coef", "m.fit", "--vcov", "model")]
    public void Verb_OnASavedFit_NamesItsMethod(string start, params string[] args)
    {
        var run = CommandRun.Of(args);
        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldStartWith(start);
    }

    [Fact]
    public void Anova_Json_HoldsTheRowsOfTheContract()
    {
        using var json = JsonDocument.Parse(CommandRun.Of("anova", "m.fit", "--output", "json").Output);
        json.RootElement.GetProperty("type").GetInt32().ShouldBe(3);
        json.RootElement.GetProperty("dfMethod").GetString().ShouldBe("satterthwaite");
        var row = json.RootElement.GetProperty("rows")[0];
        row.EnumerateObject().Select(member => member.Name).ShouldBe(["term", "statistic", "numDf", "denDf", "p", "test"]);
        row.GetProperty("term").GetString().ShouldBe("Days");
        row.GetProperty("denDf").GetDouble().ShouldBe(17, 1e-3);
    }

    [Fact]
    public void Anova_RobustJson_NamesCovarianceAndClusters()
    {
        using var json = JsonDocument.Parse(CommandRun.Of("anova", "m.fit", "--vcov", "CR2", "--output", "json").Output);
        (json.RootElement.GetProperty("dfMethod").GetString(), json.RootElement.GetProperty("vcov").GetString(), json.RootElement.GetProperty("cluster").GetString())
            .ShouldBe(("bell-mccaffrey", "CR2", "Subject"));
    }

    [Fact]
    public void Test_Json_HoldsRowsAndTheJointTest()
    {
        using var json = JsonDocument.Parse(CommandRun.Of("test", "m.fit", "Days = 10", "(Intercept) = 250", "--output", "json").Output);
        var row = json.RootElement.GetProperty("rows")[1];
        row.EnumerateObject().Select(member => member.Name).ShouldBe(["hypothesis", "estimate", "se", "df", "statistic", "p"]);
        row.GetProperty("hypothesis").GetString().ShouldBe("(Intercept) = 250");
        var joint = json.RootElement.GetProperty("joint");
        joint.EnumerateObject().Select(member => member.Name).ShouldBe(["statistic", "numDf", "denDf", "p"]);
        joint.GetProperty("numDf").GetInt32().ShouldBe(2);
    }

    [Fact]
    public void Confint_Json_IsAnArrayOfParameters()
    {
        using var json = JsonDocument.Parse(CommandRun.Of("confint", "m.fit", "--method", "wald", "--output", "json").Output);
        json.RootElement[1].EnumerateObject().Select(member => member.Name).ShouldBe(["parameter", "estimate", "lower", "upper"]);
    }

    [Theory]
    [InlineData("anova")]
    [InlineData("test")]
    [InlineData("confint")]
    public void Verb_OtherFormats_HaveARowAParameter(string verb)
    {
        string[] args = verb switch { "test" => [verb, "m.fit", "Days = 10"], "confint" => [verb, "m.fit", "--method", "wald"], _ => [verb, "m.fit"] };
        CommandRun.Of([.. args, "--output", "csv"]).Output.ShouldContain("Days");
        CommandRun.Of([.. args, "--output", "markdown"]).Output.ShouldContain("| Days");
    }

    [Theory]
    [InlineData("which is no coefficient of this fit; nearest: 'Days'", "test", "m.fit", "Dayz = 0")]
    [InlineData("needs HYPOTHESIS…", "test", "m.fit")]
    [InlineData("--method is missing", "confint", "m.fit")]
    [InlineData("--level 95: a number between 0 and 1 is wanted", "confint", "m.fit", "--method", "wald", "--level", "95")]
    [InlineData("--type has no choice '4'; one of 1, 2, 3 is wanted.", "anova", "m.fit", "--type", "4")]
    [InlineData("--test chisq has no denominator degrees of freedom", "anova", "m.fit", "--test", "chisq", "--df", "residual")]
    [InlineData("--vcov has no choice 'CR4'; one of model, CR0, CR1, CR2, CR3 is wanted.", "coef", "m.fit", "--vcov", "CR4")]
    [InlineData("--cluster names the clusters of a robust covariance", "anova", "m.fit", "--cluster", "Subject")]
    [InlineData("The fit has no column 'Sub'; nearest: 'Subject'. A fit keeps the columns its formula uses", "test", "m.fit", "Days = 0", "--vcov", "CR2", "--cluster", "Sub")]
    [InlineData("rest on REML", "fit", "Reaction ~ Days + (1 | Subject)", "example:sleepstudy", "--ml", "--df", "kenward-roger")]
    public void Verb_WhatCannotBeAnswered_IsRefusedInOneMessage(string message, params string[] args)
    {
        var run = CommandRun.Of(args);
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain(message);
        run.Error.ShouldNotContain("   at ");
    }
}
