namespace MixedModels.Cli.Tests;

/// <summary>Every verb of a saved fit on fits of dependent residuals, of no residual, and of rows in several levels: it works, or says in one message why not.</summary>
public sealed class UnusualFitVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("gls", "diagnose")]
    [InlineData("gls", "plot", "effect")]
    [InlineData("gls", "plot", "simulated")]
    [InlineData("gls", "report")]
    [InlineData("gls", "plot", "profile")]
    [InlineData("gls", "plot", "bootstrap")]
    [InlineData("gls", "confint", "--method", "profile")]
    [InlineData("variance", "confint", "--method", "bootstrap", "--replicates", "20", "--seed", "1")]
    [InlineData("variance", "anova", "--random")]
    [InlineData("variance", "diagnose")]
    [InlineData("variance", "plot", "effect")]
    [InlineData("variance", "plot", "correlation")]
    [InlineData("variance", "report")]
    [InlineData("variance", "plot", "influence")]
    [InlineData("gls", "coef", "--vcov", "CR0")]
    [InlineData("gls", "vcov", "--of", "Subject=308", "--part", "R", "--correlation")]
    [InlineData("variance", "vcov", "--of", "Subject=308")]
    [InlineData("gls", "plot", "semivariogram")]
    [InlineData("gls", "predict", "--interval", "0.95", "--with-residual", "--theta")]
    [InlineData("variance", "predict", "--interval", "0.95", "--theta")]
    [InlineData("variance", "predict", "--interval", "0.95", "--uncertainty", "observation")]
    [InlineData("variance", "coef", "--vcov", "CR2")]
    [InlineData("no-residual", "diagnose")]
    [InlineData("no-residual", "report")]
    [InlineData("members", "diagnose")]
    [InlineData("members", "plot", "caterpillar")]
    [InlineData("members", "report")]
    public void Verb_ThatApplies_Works(string kind, params string[] verb)
    {
        var run = Run(kind, verb);
        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldNotBeEmpty();
        run.Output.ShouldNotContain("NaN");
    }

    [Theory]
    [InlineData("gls", "known residuals take part", "predict", "--interval", "0.95", "--theta")]
    [InlineData("variance", "the levels' own estimates are least squares", "plot", "shrinkage")]
    [InlineData("no-residual", "is not in this version for fits without a residual variance", "predict", "--interval", "0.95", "--theta")]
    [InlineData("members", "is not in this version for rows that belong to several levels, here of 'mm(g1, g2)'", "predict", "--interval", "0.95", "--theta")]
    [InlineData("members", "rows belong to several levels of every group", "plot", "profiles")]
    [InlineData("members", "rows belong to several levels of every group", "plot", "influence")]
    public void Verb_ThatDoesNotApply_IsOneMessage(string kind, string message, params string[] verb)
    {
        var run = Run(kind, verb);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(message);
        run.Error.ShouldNotContain("   at ");
    }

    [Fact]
    public void Vcov_OfASubject_IsTheFitsOwnMatrix()
    {
        var run = Run("gls", ["vcov", "--of", "Subject=308", "--part", "R", "--correlation", "--output", "json"]);
        var values = System.Text.Json.JsonDocument.Parse(run.Output).RootElement.GetProperty("values");
        var fit = LinearMixedModelFit.Load(folder.File("m.fit"));
        var R = fit.ResidualCovariance("Subject", "308").Correlations;
        for (var i = 0; i < 10; i++) values[0][i].GetDouble().ShouldBe(R[0, i], 1e-12);
    }

    [Theory]
    [InlineData("a group and one of its levels are wanted", "vcov", "--of", "308")]
    [InlineData("belong to the covariance of one subject", "vcov", "--part", "R")]
    [InlineData("are of the fixed effects", "vcov", "--of", "Subject=308", "--vcov", "CR0")]
    [InlineData("has no choice 'Q'", "vcov", "--of", "Subject=308", "--part", "Q")]
    public void Vcov_WrongUsage_SaysWhatIsWanted(string message, params string[] verb)
    {
        var run = Run("gls", verb);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(message);
    }

    [Theory]
    [InlineData("would stay as written, so nothing is left to choose", "Reaction ~ Days + ar1(0 + factor(Days) | Subject)", "--dispersion", "~0")]
    [InlineData("has no random term to choose effects for", "Reaction ~ Days", "--residual", "us(Days | Subject)")]
    public void Choose_NothingToChoose_SaysSo(string message, string formula, string option, string value)
    {
        var run = LibraryRun.Of("choose", formula, "example:sleepstudy", option, value);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(message);
    }

    [Fact]
    public void Choose_BesideAResidualStructure_KeepsIt()
    {
        var run = LibraryRun.Of("choose", "Reaction ~ Days + (1 | Subject)", "example:sleepstudy", "--residual", "ar1(Days | Subject)", "--quiet", "--save", folder.File("chosen.fit"));
        run.ExitCode.ShouldBe(0);
        LibraryRun.Of("explain", folder.File("chosen.fit")).Output.ShouldContain("ar1(Days | Subject)");
    }

    private CommandRun Run(string kind, string[] verb)
    {
        var (fit, data) = (folder.File("m.fit"), "example:sleepstudy");
        string[] model = kind switch
        {
            "gls" => ["Reaction ~ Days", data, "--residual", "ar1(Days | Subject)"],
            "variance" => ["Reaction ~ Days + (1 | Subject)", data, "--variance", "exp(Days)"],
            "no-residual" => ["Reaction ~ Days + ar1(0 + factor(Days) | Subject)", data, "--dispersion", "~0"],
            _ => ["y ~ x + (1 | mm(g1, g2))", data = Members()],
        };
        LibraryRun.Of(["fit", .. model, "--quiet", "--save", fit]).ExitCode.ShouldBe(0);
        return LibraryRun.Of(verb switch
        {
            ["plot", var figure] => ["plot", figure, fit, "--replicates", "20", "--quiet"],
            ["diagnose"] => ["diagnose", fit, "--replicates", "20", "--quiet"],
            ["predict", .. var rest] => ["predict", fit, data, .. rest],
            [var name, .. var rest] => [name, fit, "--quiet", .. rest],
            _ => [],
        });
    }

    private string Members()
    {
        var path = folder.File("members.csv");
        var random = new Random(11);
        var effects = Enumerable.Range(0, 10).Select(_ => random.NextDouble() * 4).ToArray();
        var lines = Enumerable.Range(0, 80).Select(r =>
        {
            var (a, b, x) = (r % 10, (r + 1 + (r / 10)) % 10, random.NextDouble());
            return FormattableString.Invariant($"{1 + x + effects[a] + effects[b] + random.NextDouble():F4},{x:F4},g{a},g{b}");
        });
        File.WriteAllLines(path, ["y,x,g1,g2", .. lines]);
        return path;
    }
}
