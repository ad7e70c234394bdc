using System.Text.Json;

namespace MixedModels.Cli.Tests;

/// <summary>Robust errors and intervals of shares on every verb that has them.</summary>
public sealed class RobustVerbTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Means_Robust_NameTheirCovariance()
    {
        using var json = JsonDocument.Parse(LibraryRun.Of("means", Saved(), "--over", "Machine", "--vcov", "CR2", "--output", "json").Output);
        json.RootElement.GetProperty("vcov").GetString().ShouldBe("CR2");
        json.RootElement.GetProperty("cluster").GetString().ShouldBe("Worker");
        json.RootElement.GetProperty("dfMethod").GetString().ShouldBe("bell-mccaffrey");
        LibraryRun.Of("means", Saved(), "--over", "Machine", "--vcov", "CR1").Output.ShouldContain("CR1 covariance by Worker");
    }

    [Theory]
    [InlineData("--vcov", "CR2")]
    [InlineData("--df", "kenward-roger")]
    public void Vcov_OfAMethod_DiffersFromTheModels(params string[] options)
    {
        // In a balanced design both are the model's own; here consumers lack answers.
        var file = Saved("Preference ~ sens2 + Homesize + (sens2 | Consumer)", "example:carrots");
        double Corner(params string[] more)
        {
            using var json = JsonDocument.Parse(LibraryRun.Of(["vcov", file, "--output", "json", .. more]).Output);
            return json.RootElement.GetProperty("values")[0][0].GetDouble();
        }

        Math.Abs(Corner(options) - Corner()).ShouldBeGreaterThan(1e-6);
        Corner("--vcov", "model").ShouldBe(Corner());
    }

    [Fact]
    public void Confint_Delta_GivesSharesWithIntervals()
    {
        using var json = JsonDocument.Parse(LibraryRun.Of("confint", Saved(), "--method", "delta", "--output", "json").Output);
        json.RootElement.EnumerateArray().Select(row => row.GetProperty("parameter").GetString()).ShouldBe(["r2.marginal", "r2.conditional", "icc[Worker]"]);
        foreach (var row in json.RootElement.EnumerateArray())
            row.GetProperty("lower").GetDouble().ShouldBeLessThan(row.GetProperty("upper").GetDouble());
    }

    [Theory]
    [InlineData("--df and --vcov belong to --method wald", "confint", "--method", "delta", "--vcov", "CR2")]
    [InlineData("--criterion belongs to --method profile", "confint", "--method", "delta", "--criterion", "ML")]
    [InlineData("--cluster names the clusters of a robust covariance", "means", "--over", "Machine", "--cluster", "Worker")]
    [InlineData("CR2 has its own", "vcov", "--vcov", "CR2", "--df", "kenward-roger")]
    [InlineData("(--keep Site)", "means", "--over", "Machine", "--vcov", "CR2", "--cluster", "Site")]
    public void RobustOption_OutOfPlace_SaysWhatIsWanted(string message, string verb, params string[] options)
    {
        var run = LibraryRun.Of([verb, Saved(), .. options]);
        run.ExitCode.ShouldBe(ExitCode.WrongUsage);
        run.Error.ShouldContain(message);
    }

    [Fact]
    public void GeneralizedFit_Robust_TakesClustersOfAKeptColumn()
    {
        var file = folder.File("ticks.fit");
        LibraryRun.Of("fit", "TICKS ~ cHEIGHT + (1 | BROOD)", "example:grouseticks", "--family", "poisson", "--keep", "LOCATION", "--save", file, "--quiet").ExitCode.ShouldBe(0);
        JsonElement Row(params string[] more)
        {
            using var json = JsonDocument.Parse(LibraryRun.Of(["coef", file, "--output", "json", .. more]).Output);
            return json.RootElement[1].Clone();
        }

        double[] errors = [.. new[] { "CR0", "CR1", "CR3" }.Select(kind => Row("--vcov", kind, "--cluster", "LOCATION").GetProperty("se").GetDouble())];
        errors.ShouldBeInOrder(SortDirection.Ascending);
        Math.Abs(errors[0] - Row().GetProperty("se").GetDouble()).ShouldBeGreaterThan(1e-6);
        LibraryRun.Of("confint", file, "--method", "wald", "--vcov", "CR1").Output.ShouldContain("sd[BROOD].(Intercept)");
        LibraryRun.Of("anova", file, "--vcov", "CR1").Output.ShouldContain("CR1 covariance by BROOD");
        var refused = LibraryRun.Of("coef", file, "--vcov", "CR2");
        refused.ExitCode.ShouldBe(ExitCode.WrongUsage);
        refused.Error.ShouldContain("--vcov CR3");
    }

    private string Saved(string formula = "score ~ Machine + (Machine | Worker)", string data = "example:Machines")
    {
        var file = folder.File($"{Guid.NewGuid():N}.fit");
        LibraryRun.Of("fit", formula, data, "--save", file, "--quiet").ExitCode.ShouldBe(0);
        return file;
    }
}
