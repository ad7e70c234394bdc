using System.Text.Json;
using MixedModels.Data;

namespace MixedModels.Cli.Tests;

public class ExamplesVerbTests
{
    [Fact]
    public void Examples_Text_ShowsEveryDataSetWithACommand()
    {
        var run = CommandRun.Of("examples");
        run.ExitCode.ShouldBe(0);
        run.Error.ShouldBeEmpty();
        foreach (var example in ExampleData.All)
            run.Output.ShouldContain($"{example.Name}: {example.Title} ({example.Rows} rows)\n  mixed fit \"{example.Formula}\" example:{example.Name}");
    }

    [Fact]
    public void Examples_Json_IsAnArrayWithColumnsAndSources()
    {
        using var json = JsonDocument.Parse(CommandRun.Of("examples", "--output", "json").Output);
        json.RootElement.GetArrayLength().ShouldBe(ExampleData.All.Count);
        var sleep = json.RootElement.EnumerateArray().Single(example => example.GetProperty("name").ValueEquals("sleepstudy"));
        sleep.GetProperty("rows").GetInt32().ShouldBe(180);
        sleep.GetProperty("source").GetString()!.ShouldContain("Belenky");
        sleep.GetProperty("columns")[2].GetProperty("type").GetString().ShouldBe("factor");
    }

    [Fact]
    public void Examples_CsvAndMarkdown_HaveARowADataSet()
    {
        CommandRun.Of("examples", "--output", "csv").Output.Split('\n').Length.ShouldBe(ExampleData.All.Count + 2);
        CommandRun.Of("examples", "--output", "markdown").Output.Split('\n').Length.ShouldBe(ExampleData.All.Count + 3);
    }
}
