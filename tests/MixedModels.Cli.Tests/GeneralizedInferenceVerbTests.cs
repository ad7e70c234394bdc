using System.Text.Json;

namespace MixedModels.Cli.Tests;

/// <summary>The verbs that draw conclusions, on a saved generalized fit.</summary>
public sealed class GeneralizedInferenceVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string model;

    public GeneralizedInferenceVerbTests()
    {
        model = folder.File("cbpp.fit");
        LibraryRun.Of("fit", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "example:cbpp", "--family", "binomial", "--save", model, "--quiet").ExitCode.ShouldBe(0);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Means_Scales_SayWhatTheMeansAre()
    {
        var response = LibraryRun.Of("means", model, "--over", "period", "--pairwise", "--scale", "response");
        response.Output.ShouldContain("Means of the response at random effects of zero; 95 % intervals.");
        response.Output.ShouldContain("Odds ratio");
        response.Output.ShouldContain("period1 / period2");
        LibraryRun.Of("means", model, "--over", "period", "--scale", "averaged", "--theta").Output.ShouldContain("averaged over the random effects, the uncertainty of their variances");
        using var json = JsonDocument.Parse(LibraryRun.Of("means", model, "--over", "period", "--pairwise", "--scale", "bias-adjusted", "--output", "json").Output);
        json.RootElement.GetProperty("scale").GetString().ShouldBe("bias-adjusted");
        json.RootElement.GetProperty("contrastKind").GetString().ShouldBe("difference");
    }

    [Fact]
    public void Means_ScaleThatMeansNothing_IsRefused()
    {
        LibraryRun.Of("means", model, "--over", "period", "--scale", "log").ExitCode.ShouldBe(2);
        var run = LibraryRun.Of("means", model, "--over", "period", "--scale", "response", "--theta");
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("--scale averaged");
    }

    [Fact]
    public void Predict_AveragedAndWithTheta_SayWhatTheyHold()
    {
        using var json = JsonDocument.Parse(LibraryRun.Of("predict", model, "example:cbpp", "--averaged", "--interval", "0.95", "--theta", "--output", "json").Output);
        json.RootElement[0].GetProperty("fit").GetDouble().ShouldBe(0.2160929, 1e-6);
        json.RootElement[0].GetProperty("se").GetDouble().ShouldBe(0.0364300, 1e-6);
        LibraryRun.Of("predict", model, "example:cbpp", "--averaged", "--link").ExitCode.ShouldBe(2);
        LibraryRun.Of("predict", model, "example:cbpp", "--averaged", "--population").ExitCode.ShouldBe(2);
        LibraryRun.Of("predict", model, "example:cbpp", "--population", "--se", "--theta").ExitCode.ShouldBe(2);
    }

    [Fact]
    public void Ranef_ParameterUncertainty_WidensTheDeviations()
    {
        double[] First(params string[] options) =>
            [.. LibraryRun.Of(["ranef", model, "--output", "csv", .. options]).Output.Split('\n')[1].Split(',')[3..].Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
        var (known, uncertain) = (First(), First("--parameter-uncertainty"));
        uncertain[0].ShouldBe(0.590020, 1e-6);
        uncertain[1].ShouldBeGreaterThan(known[1]);
        LibraryRun.Of("fit", "Yield ~ 1 + (1 | Batch)", "example:Dyestuff", "--save", folder.File("linear.fit"), "--quiet").ExitCode.ShouldBe(0);
        LibraryRun.Of("ranef", folder.File("linear.fit"), "--parameter-uncertainty").Error.ShouldContain("generalized models");
    }

    [Fact]
    public void Fit_Text_HasSharesWithWhatStandsForTheObservation() =>
        LibraryRun.Of("fit", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "example:cbpp", "--family", "binomial")
            .Output.ShouldContain("R² (observations: latent): marginal 0.085, conditional 0.187; intraclass correlation: herd 0.111");

    [Fact]
    public void Confint_EveryMethodThatApplies_ListsEveryParameter()
    {
        foreach (var method in new[] { "--method profile", "--method wald", "--method bootstrap --replicates 39 --seed 1" })
        {
            using var json = JsonDocument.Parse(LibraryRun.Of(["confint", model, .. method.Split(' '), "--output", "json", "--quiet"]).Output);
            json.RootElement.EnumerateArray().Select(row => row.GetProperty("parameter").GetString())
                .ShouldBe(["(Intercept)", "period2", "period3", "period4", "sd[herd].(Intercept)"]);
            foreach (var row in json.RootElement.EnumerateArray()) row.GetProperty("lower").GetDouble().ShouldBeLessThan(row.GetProperty("upper").GetDouble());
        }
    }

    [Theory]
    [InlineData("--method wald --df satterthwaite", "Gaussian responses")]
    [InlineData("--method wald --vcov CR2", "CR2")]
    [InlineData("--method profile --criterion REML", "no REML criterion")]
    [InlineData("--method delta", "linear models")]
    public void Confint_WhatDoesNotApply_IsRefusedWithTheReason(string arguments, string reason)
    {
        var run = LibraryRun.Of(["confint", model, .. arguments.Split(' ')]);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(reason);
        run.Output.ShouldBeEmpty();
    }

    [Fact]
    public void Bootstrap_SavedAndResumed_IsOneRun()
    {
        var draws = folder.File("draws.boot");
        LibraryRun.Of("bootstrap", model, "--replicates", "5", "--seed", "3", "--save", draws, "--quiet").ExitCode.ShouldBe(0);
        var resumed = LibraryRun.Of("bootstrap", model, "--replicates", "8", "--seed", "3", "--resume", draws, "--output", "csv", "--quiet").Output;
        resumed.ShouldBe(LibraryRun.Of("bootstrap", model, "--replicates", "8", "--seed", "3", "--output", "csv", "--quiet").Output);
    }

    [Fact]
    public void Anova_Random_TestsTheTerm()
    {
        using var json = JsonDocument.Parse(LibraryRun.Of("anova", model, "--random", "--output", "json").Output);
        var row = json.RootElement.GetProperty("rows")[1];
        row.GetProperty("term").GetString().ShouldBe("(1 | herd)");
        row.GetProperty("pMixture").GetDouble().ShouldBe(0.5 * row.GetProperty("p").GetDouble(), 1e-12);
    }
}
