using System.Text.Json;
using MixedModels.Data;

namespace MixedModels.Cli.Tests;

public class ExampleCommandTests
{
    public static TheoryData<string> Names => [.. ExampleData.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Fit_AnExamplesOwnCommand_FitsOrSaysWhatThisVersionLacks(string name)
    {
        var entry = ExampleData.Find(name);
        var run = LibraryRun.Of(["fit", entry.Formula, "example:" + name, .. entry.Arguments, "--output", "json"]);
        if (entry.Arguments is [_, "cumulative"])
        {
            run.ExitCode.ShouldBe(2);
            run.Error.ShouldContain("is not in this version");
            run.Output.ShouldBeEmpty();
            return;
        }

        run.ExitCode.ShouldBe(0, run.Error);
        run.Error.ShouldBeEmpty();
        using var json = JsonDocument.Parse(run.Output);
        (json.RootElement.GetProperty("observations").GetInt32() + json.RootElement.GetProperty("dropped").GetInt32()).ShouldBe(entry.Rows);
    }

    [Fact]
    public void Examples_OfAGaussianResponse_AreTheMost() =>
        ExampleData.All.Count(entry => entry.Arguments.Count == 0).ShouldBeGreaterThan(10);
}
