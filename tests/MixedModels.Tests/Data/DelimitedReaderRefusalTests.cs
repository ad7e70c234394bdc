using System.Text;
using MixedModels.Data;

namespace MixedModels.Tests.Data;

public class DelimitedReaderRefusalTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\n \n\n")]
    public void Read_OfNothing_SaysEmpty(string text) => Tables.Refusal(text).ShouldContain("the input is empty");

    [Fact]
    public void Read_OfHeaderOnly_SaysNoRows() => Tables.Refusal("x,y\n\n").ShouldContain("header line (2 columns) and no rows");

    [Fact]
    public void Read_OfRaggedRow_NamesLineAndCounts()
    {
        var message = Tables.Refusal("x,y,z\n1,2,3\n1,2\n");
        message.ShouldContain("line 3: 2 fields found, 3 wanted");
        message.ShouldContain("delimiter comma");
    }

    [Fact]
    public void Read_OfRowNamesWithoutHeader_SaysSo() => Tables.Refusal("x,y\nr1,1,2\n").ShouldContain("row names");

    [Fact]
    public void Read_OfOpenQuote_NamesTheLine() => Tables.Refusal("x,g\n1,\"a\n2,b\n").ShouldContain("line 2: a quote opens a field and is never closed");

    [Fact]
    public void Read_OfDuplicateNames_NamesThePositions() =>
        Tables.Refusal("x,y, x\n1,2,3\n").ShouldContain("line 1: columns 1 and 3 are both named 'x'");

    [Fact]
    public void Read_WithUnknownFactor_NamesTheNearest()
    {
        Tables.Refusal("Subject,Days\n1,2\n", new() { Factors = ["subjct"] }).ShouldContain("no column 'subjct' to read as a factor; nearest: 'Subject'");
        Tables.Refusal("Subject,Days\n1,2\n", new() { Ordered = ["Day"] }).ShouldContain("nearest: 'Days'");
        Tables.Refusal("Subject,Days\n1,2\n", new() { Levels = Tables.Levels("q", "1") }).ShouldContain("there are 'Subject', 'Days'");
    }

    [Fact]
    public void Read_WithLevelsNotCoveringTheCells_ListsThemWithLines()
    {
        var message = Tables.Refusal("g\nlow\nhgih\nhigh\nmid\nmid\n", new() { Levels = Tables.Levels("g", "low", "high") });
        message.ShouldContain("Column 'g'");
        message.ShouldContain("'hgih' (line 3; nearest: 'high')");
        message.ShouldContain("'mid' (line 5)");
    }

    [Fact]
    public void Read_WithLevelGivenTwice_NamesIt() => Tables.Refusal("g\na\n", new() { Levels = Tables.Levels("g", "a", "b", "a") }).ShouldContain("'a' twice");

    [Fact]
    public void Column_OfNumbersWithFewOtherCells_IsRefusedWhenAskedFor()
    {
        var table = Tables.Read("y,dose\n1,0.5\n2,1\n3,low\n4,2\n5,high\n6,4\n");
        table.Numbers("y").Length.ShouldBe(6);
        table.Columns[1].ShouldBeOfType<UnusableColumn>().Length.ShouldBe(6);
        var message = Should.Throw<DataException>(() => table.TryGetColumn("dose", out _)).Message;
        message.ShouldContain("Column 'dose' of the input is numbers except for 2 cells, the first 'low' on line 4");
        message.ShouldContain("--factor dose");
        Should.Throw<DataException>(() => table["dose"]).Message.ShouldBe(message);
        Should.Throw<DataException>(() => table.Columns[1].IsMissing(0)).Message.ShouldBe(message);
        Should.Throw<DataException>(() => table.Columns[1].ToFactor()).Message.ShouldBe(message);
    }

    [Fact]
    public void Column_OfNumbersAfterAWord_IsRefusedWhenAskedFor() =>
        Refusal("x\nhigh\n1\n2\n", "x").ShouldContain("numbers except for one cell 'high' on line 2");

    [Theory]
    [InlineData(".")]
    [InlineData("N/A")]
    [InlineData("null")]
    public void Column_OfNumbersWithAnotherCodeForMissing_AdvisesNA(string code) =>
        Refusal($"x\n1\n{code}\n2\n", "x").ShouldContain($"If '{code}' means missing, write NA.");

    [Fact]
    public void Column_OfNumbersWithFewOtherCellsDeclaredAsFactor_IsAFactor() =>
        Tables.Read("x\n1\nlow\n2\n", new() { Factors = ["x"] }).Factor("x").Levels.ShouldBe(["1", "2", "low"]);

    [Fact]
    public void Column_HalfNumbers_IsAFactor() => Tables.Read("x\n1\nb\n2\nc\n").Factor("x").Levels.ShouldBe(["1", "2", "b", "c"]);

    [Theory]
    [InlineData("x;y\n1,5;1\n2,25;2\n")]
    [InlineData("x;y\n1;1\n2,25;2\n3;1\n4;3\n")]
    [InlineData("x\ty\n1,5\t1\n-2,25\t2\nNA\t1\n")]
    public void Column_OfDecimalCommas_SaysSo(string text)
    {
        var message = Refusal(text, "x");
        message.ShouldContain("decimal commas");
        message.ShouldContain("decimal point (");
    }

    [Fact]
    public void Column_NotUtf8_IsRefusedWhenAskedForAndHarmlessElse()
    {
        var table = Tables.Read([.. Encoding.Latin1.GetBytes("y,g\n1,a\n2,é\n")]);
        table.Numbers("y").ShouldBe([1, 2]);
        Should.Throw<DataException>(() => table["g"]).Message.ShouldContain("not UTF-8, first on line 3");
        Should.Throw<DataException>(() => Tables.Read([.. Encoding.Latin1.GetBytes("y,é\n1,a\n")])).Message.ShouldContain("name of column 2 is not UTF-8");
    }

    private static string Refusal(string text, string name) => Should.Throw<DataException>(() => Tables.Read(text)[name]).Message;
}
