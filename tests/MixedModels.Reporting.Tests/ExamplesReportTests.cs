using System.Text.Json;
using MixedModels.Data;

namespace MixedModels.Reporting.Tests;

public class ExamplesReportTests
{
    private static readonly ExampleDataSet rail = ExampleData.Find("Rail");

    [Fact]
    public void Text_ShowsNameTitleRowsAndCommand() => new ExamplesReport([rail]).ToString().ShouldBe(
        $"Rail: {rail.Title} (18 rows)\n  {rail.Command}\n");

    [Fact]
    public void Csv_HasAHeaderAndARow() => new ExamplesReport([rail]).ToString(ReportFormat.Csv).ShouldStartWith(
        "name,rows,title,formula,arguments,source,licence\nRail,18,");

    [Fact]
    public void Json_NamesTypesOfColumns()
    {
        using var json = JsonDocument.Parse(new ExamplesReport([rail]).ToString(ReportFormat.Json));
        var example = json.RootElement[0];
        example.EnumerateObject().Select(member => member.Name)
            .ShouldBe(["name", "rows", "title", "formula", "arguments", "source", "licence", "columns"]);
        example.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("type").GetString()).ShouldBe(["ordered", "number"]);
    }

    [Fact]
    public void Report_WithoutAList_Throws() => Should.Throw<ArgumentNullException>(() => new ExamplesReport(null!));
}
