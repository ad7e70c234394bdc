using System.Text.Json;

namespace MixedModels.Cli.Tests;

/// <summary><c>mixed means</c>: formats, the contract's JSON, and what is refused.</summary>
public sealed class MeansVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly string model;

    public MeansVerbTests()
    {
        model = folder.File("oats.fit");
        LibraryRun.Of("fit", "yield ~ nitro * Variety + (1 | Block/Variety)", "example:Oats", "--save", model, "--quiet").ExitCode.ShouldBe(0);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Means_Json_HoldsTheRowsOfTheContract()
    {
        using var json = JsonDocument.Parse(LibraryRun.Of("means", model, "--over", "Variety", "--pairwise", "--output", "json").Output);
        json.RootElement.GetProperty("dfMethod").GetString().ShouldBe("satterthwaite");
        json.RootElement.GetProperty("adjust").GetString().ShouldBe("tukey");
        var mean = json.RootElement.GetProperty("means")[0];
        mean.EnumerateObject().Select(member => member.Name).ShouldBe(["levels", "estimate", "se", "df", "lower", "upper"]);
        mean.GetProperty("levels").GetProperty("Variety").GetString().ShouldBe("Golden Rain");
        var contrast = json.RootElement.GetProperty("contrasts")[2];
        contrast.EnumerateObject().Select(member => member.Name).ShouldBe(["contrast", "levels", "estimate", "se", "df", "statistic", "p", "lower", "upper"]);
        contrast.GetProperty("contrast").GetString().ShouldBe("Marvellous - Victory");
    }

    [Fact]
    public void Means_NoContrastNoDf_JsonIsNullAndEmpty()
    {
        using var json = JsonDocument.Parse(LibraryRun.Of("means", model, "--over", "Variety", "--df", "none", "--output", "json").Output);
        json.RootElement.GetProperty("means")[0].GetProperty("df").ValueKind.ShouldBe(JsonValueKind.Null);
        json.RootElement.GetProperty("contrasts").GetArrayLength().ShouldBe(0);
        json.RootElement.GetProperty("trend").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void Means_Text_SaysWhatIsAveragedAndHowItIsAdjusted()
    {
        var run = LibraryRun.Of("means", model, "--over", "Variety", "--by", "nitro", "--at", "nitro=0,0.6", "--contrast", "trt.vs.ctrl", "--ref", "Victory");
        run.Error.ShouldBeEmpty();
        run.Output.ShouldStartWith("Marginal means over Variety by nitro (Satterthwaite's degrees of freedom)\n nitro  Variety ");
        run.Output.ShouldContain(" 0.6    Golden Rain - Victory ");
        run.Output.ShouldContain("p-values adjusted for 2 contrasts in each group: dunnett; 95 % intervals that hold together");
        LibraryRun.Of("means", model, "--over", "Variety").Output.ShouldContain("nitro = 0.3; 95 % intervals.");
        LibraryRun.Of("means", model, "--over", "Variety", "--adjust", "sidak").Output.ShouldContain("95 % intervals that hold together (sidak).");
        LibraryRun.Of("means", model, "--over", "Variety", "--contrast", "consec").Output.ShouldContain("mvt");
        LibraryRun.Of("means", model, "--over", "Variety", "--contrast", "eff").Output.ShouldContain("3 contrasts: fdr; 95 % intervals that hold together (bonferroni).");
    }

    [Fact]
    public void Means_Trend_IsTheSlopeWithinEachLevel()
    {
        var run = LibraryRun.Of("means", model, "--over", "Variety", "--trend", "nitro", "--pairwise", "--output", "markdown");
        run.Output.ShouldStartWith("### Slopes of nitro over Variety");
        run.Output.ShouldContain("| Variety | Slope |");
        LibraryRun.Of("means", model, "--trend", "nitro", "--output", "csv").Output.ShouldStartWith("estimate,se,df,lower,upper\n");
    }

    [Fact]
    public void Means_Csv_HoldsTheContrastsWhereThereAreSome()
    {
        LibraryRun.Of("means", model, "--over", "Variety", "--output", "csv").Output.ShouldStartWith("Variety,estimate,se,df,lower,upper\nGolden Rain,");
        LibraryRun.Of("means", model, "--over", "Variety", "--contrast", "new=-1,1,0", "--contrast", "rest=0.5,0.5,-1", "--adjust", "holm", "--output", "csv").Output
            .ShouldStartWith("contrast,estimate,se,df,statistic,p,lower,upper\nnew,");
    }

    [Theory]
    [InlineData("--over A is needed", "--pairwise")]
    [InlineData("'nitro' is a covariate (4 values from 0 to 0.6)", "--over", "nitro")]
    [InlineData("nearest: 'Variety'", "--over", "Varety")]
    [InlineData("--adjust has no choice 'tuky'; one of none, tukey, dunnett, mvt, scheffe, sidak, bonferroni, holm, hochberg, fdr is wanted.", "--over", "Variety", "--pairwise", "--adjust", "tuky")]
    [InlineData("There are no contrasts 'helmert'; wanted one of pairwise, revpairwise, trt.vs.ctrl", "--over", "Variety", "--contrast", "helmert")]
    [InlineData("'Variety' has no level 'Vctory' in the rows used; nearest: 'Victory'.", "--over", "Variety", "--at", "Variety=Vctory")]
    [InlineData("'many' is no number", "--over", "Variety", "--at", "nitro=many")]
    [InlineData("--at is given twice for 'nitro'", "--over", "Variety", "--at", "nitro=1", "--at", "nitro=2")]
    [InlineData("2 weights for 3 means", "--over", "Variety", "--contrast", "x=1,-1")]
    [InlineData("exclude each other", "--over", "Variety", "--pairwise", "--contrast", "consec")]
    [InlineData("stands beside another", "--over", "Variety", "--contrast", "consec", "--contrast", "poly")]
    [InlineData("--ref names the level", "--over", "Variety", "--pairwise", "--ref", "Victory")]
    [InlineData("--level 95", "--over", "Variety", "--level", "95")]
    [InlineData("has no slope", "--over", "Variety", "--trend", "Variety")]
    public void Means_WhatCannotBeAnswered_IsRefusedInOneMessage(string message, params string[] args)
    {
        var run = LibraryRun.Of(["means", model, .. args]);
        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain(message);
        run.Error.ShouldNotContain("   at ");
    }
}
