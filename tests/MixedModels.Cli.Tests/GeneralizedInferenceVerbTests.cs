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
        LibraryRun.Of("ranef", model, "--parameter-uncertainty", "--output", "csv").Output.ShouldContain("herd,1,(Intercept),0.590020");
        LibraryRun.Of("fit", "Yield ~ 1 + (1 | Batch)", "example:Dyestuff", "--save", folder.File("linear.fit"), "--quiet").ExitCode.ShouldBe(0);
        LibraryRun.Of("ranef", folder.File("linear.fit"), "--parameter-uncertainty").Error.ShouldContain("generalized models");
    }

    [Fact]
    public void Fit_Text_HasSharesWithWhatStandsForTheObservation() =>
        LibraryRun.Of("fit", "cbind(incidence, size - incidence) ~ period + (1 | herd)", "example:cbpp", "--family", "binomial")
            .Output.ShouldContain("R² (observations: latent): marginal 0.085, conditional 0.187; intraclass correlation: herd 0.111");
}
