using System.Text.Json;
using MixedModels.Data;

namespace MixedModels.Tests.Data;

public class ExampleDataTests
{
    public static TheoryData<string> Names => [.. ExampleData.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Example_OfEveryName_HasTheTypesLevelsAndMissingValuesOfItsSource(string name)
    {
        using var facts = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "validation", "data", "examples.json")));
        var wanted = facts.RootElement.GetProperty("datasets").EnumerateArray().Single(set => set.GetProperty("name").ValueEquals(name));
        var table = DataTable.Example(name);

        table.RowCount.ShouldBe(wanted.GetProperty("rows").GetInt32());
        var columns = wanted.GetProperty("columns").EnumerateArray().ToList();
        table.Columns.Select(column => column.Name).ShouldBe(columns.Select(column => column.GetProperty("name").GetString()!));
        for (var i = 0; i < columns.Count; i++)
        {
            var column = table.Columns[i];
            KindOf(column).ShouldBe(columns[i].GetProperty("type").GetString(), column.Name);
            Enumerable.Range(0, column.Length).Count(column.IsMissing).ShouldBe(columns[i].GetProperty("missing").GetInt32(), column.Name);
            if (column is FactorColumn factor)
                factor.Levels.ShouldBe(columns[i].GetProperty("levels").EnumerateArray().Select(level => level.GetString()!), column.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Entry_OfEveryName_IsComplete(string name)
    {
        var entry = ExampleData.Find(name);
        var table = entry.Load();
        entry.Rows.ShouldBe(table.RowCount);
        entry.Columns.Select(column => column.Name).ShouldBe(table.Columns.Select(column => column.Name));
        entry.Columns.ShouldAllBe(column => column.Meaning.Length > 0);
        foreach (var text in new[] { entry.Title, entry.Citation, entry.Licence })
            text.ShouldNotBeNullOrWhiteSpace();
        entry.Citation.ShouldEndWith(".");
        entry.Command.ShouldStartWith($"mixed fit \"{entry.Formula}\" example:{entry.Name}");

        // Every name in the formula is a column, apart from functions and numbers.
        foreach (var word in entry.Formula.Split([' ', '~', '+', '*', '|', '(', ')', '/', ':', '-'], StringSplitOptions.RemoveEmptyEntries))
            (word is "1" or "log" || table.TryGetColumn(word, out _)).ShouldBeTrue(word);
    }

    [Fact]
    public void All_ByName_HasNoTwoAlikeAndStandsInOrder()
    {
        var names = ExampleData.All.Select(entry => entry.Name).ToList();
        names.ShouldBe(names.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Example_OfSleepstudy_HoldsThePublishedNumbers()
    {
        var table = DataTable.Example("SleepStudy");
        table.Numbers("Reaction")[..3].ShouldBe([249.56, 258.7047, 250.8006]);
        table.Numbers("Days")[..3].ShouldBe([0, 1, 2]);
        table.Factor("Subject").Texts()[0].ShouldBe("308");
    }

    [Fact]
    public void Example_OfUnknownName_NamesTheNearestAndHowToList()
    {
        var message = Should.Throw<DataException>(() => DataTable.Example("slepstudy")).Message;
        message.ShouldContain("nearest: 'sleepstudy'");
        message.ShouldContain("mixed examples");
    }

    [Fact]
    public void Example_OfAll_StaysSmall() =>
        typeof(ExampleData).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("examples/", StringComparison.Ordinal))
            .ShouldSatisfyAllConditions(
                names => names.Count().ShouldBe(ExampleData.All.Count),
                names => names.Sum(name => typeof(ExampleData).Assembly.GetManifestResourceStream(name)!.Length).ShouldBeLessThan(300_000));

    private static string KindOf(Column column) =>
        column switch
        {
            FactorColumn { IsOrdered: true } => "ordered",
            FactorColumn => "factor",
            _ => "numeric",
        };
}
