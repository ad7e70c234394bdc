using System.Text;
using MixedModels.Data;

namespace MixedModels.Tests.Data;

public class DelimitedReaderTests
{
    [Fact]
    public void Read_OfNumbers_GivesNumericColumns()
    {
        var table = Tables.Read("y,x\n1.5,-2\n1e3,+4\n .25 ,-1.5E-2\n");
        table.RowCount.ShouldBe(3);
        table.Numbers("y").ShouldBe([1.5, 1000, 0.25]);
        table.Numbers("x").ShouldBe([-2, 4, -0.015]);
    }

    [Fact]
    public void Read_OfMissingCells_TakesEmptyNaAndNaNQuotedOrNot()
    {
        var table = Tables.Read("x,g\n1,a\n,\nNA,NA\n\"NA\",\"NA\"\nNaN,NaN\n\"NaN\",\"\"\n\"\",b\n7,a\n");
        table.Numbers("x").ShouldBe([1, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 7]);
        table.Factor("g").Texts().ShouldBe(["a", null, null, null, null, null, "b", "a"]);
        table.Factor("g").Levels.ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("na")]
    [InlineData("N/A")]
    [InlineData("Na")]
    public void Read_OfWordsLikeMissing_KeepsThemAsLevels(string word) =>
        Tables.Read($"g\nb\n{word}\n").Factor("g").Texts().ShouldBe(["b", word]);

    [Fact]
    public void Read_OfQuotedNumbers_GivesNumbers() => Tables.Read("x\n\"1\"\n\"2.5\"\n").Numbers("x").ShouldBe([1, 2.5]);

    [Fact]
    public void Read_OfInfiniteNumbers_KeepsThem() =>
        Tables.Read("x\nInf\n-inf\nInfinity\n-Infinity\n1e999\n+Inf\n").Numbers("x").ShouldBe(
        [
            double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity, double.NegativeInfinity,
            double.PositiveInfinity, double.PositiveInfinity,
        ]);

    [Theory]
    [InlineData("0x1F")]
    [InlineData("1_000")]
    [InlineData("5%")]
    [InlineData("1 000")]
    [InlineData("(3)")]
    [InlineData("$3")]
    public void Read_OfTextLikeNumbers_GivesFactor(string cell) => Tables.Read($"x\n{cell}\n").Factor("x").Levels.ShouldBe([cell]);

    [Fact]
    public void Read_OfThousandsSeparators_GivesFactor() => Tables.Read("x,y\n\"1,234\",1\n\"2,345\",2\n").Factor("x").Levels.ShouldBe(["1,234", "2,345"]);

    [Fact]
    public void Read_OfText_OrdersLevelsByCodePoint()
    {
        // In UTF-16 units U+1F600 stands before U+FB01, in code points behind it.
        var table = Tables.Read("g\nb\nB\n😀\na\nÄ\nﬁ\na10\na9\n");
        table.Factor("g").Levels.ShouldBe(["B", "a", "a10", "a9", "b", "Ä", "ﬁ", "😀"]);
        table.Factor("g").IsOrdered.ShouldBeFalse();
    }

    [Theory]
    [InlineData("TRUE\nFALSE\nNA\nTRUE")]
    [InlineData("True\nFalse\n\"\"\nTrue")]
    [InlineData("true\nfalse\nNaN\nTRUE")]
    public void Read_OfLogicalWords_GivesFalseAndTrue(string cells)
    {
        var factor = Tables.Read("g,x\n" + cells.Replace("\n", ",1\n", StringComparison.Ordinal) + ",1\n").Factor("g");
        factor.Levels.ShouldBe(["FALSE", "TRUE"]);
        factor.Codes.ToArray().ShouldBe([1, 0, -1, 1]);
    }

    [Fact]
    public void Read_OfTrueAlone_KeepsBothLevels() => Tables.Read("g\nTRUE\nTRUE\n").Factor("g").Levels.ShouldBe(["FALSE", "TRUE"]);

    [Fact]
    public void Read_OfLogicalWordsDeclaredAsFactor_KeepsTheWords() =>
        Tables.Read("g\ntrue\nTRUE\n", new() { Factors = ["g"] }).Factor("g").Levels.ShouldBe(["TRUE", "true"]);

    [Fact]
    public void Read_OfTextAfterNumbers_KeepsTheTextOfTheNumbers()
    {
        var factor = Tables.Read("id\n01\n1.0\nNA\n1b\n2c\n").Factor("id");
        factor.Levels.ShouldBe(["01", "1.0", "1b", "2c"]);
        factor.Codes.ToArray().ShouldBe([0, 1, -1, 2, 3]);
    }

    [Fact]
    public void Read_OfTextAfterMissing_KeepsTheMissingRows() =>
        Tables.Read("g,x\nNA,1\n,2\nb,3\na,4\nNA,5\n").Factor("g").Texts().ShouldBe([null, null, "b", "a", null]);

    [Fact]
    public void Read_OfAllMissing_GivesNumericColumnOfNaN() =>
        Tables.Read("x,y\nNA,1\n,2\n").Numbers("x").ShouldBe([double.NaN, double.NaN]);

    [Fact]
    public void Read_OfDeclaredFactorOfNumbers_OrdersLevelsNumerically()
    {
        var factor = Tables.Read("g\n10\n9\n-1\n1e1\n9\n", new() { Factors = ["g"] }).Factor("g");
        factor.Levels.ShouldBe(["-1", "9", "10", "1e1"]);
        factor.Codes.ToArray().ShouldBe([2, 1, 0, 3, 1]);
    }

    [Fact]
    public void Read_OfDeclaredFactorWithOneWord_OrdersLevelsByCodePoint() =>
        Tables.Read("g\n10\n9\nx\n", new() { Factors = ["g"] }).Factor("g").Levels.ShouldBe(["10", "9", "x"]);

    [Fact]
    public void Read_OfOrdered_MarksTheFactor() =>
        Tables.Read("g\n2\n1\n", new() { Ordered = ["g"] }).Factor("g").ShouldSatisfyAllConditions(
            factor => factor.IsOrdered.ShouldBeTrue(),
            factor => factor.Levels.ShouldBe(["1", "2"]));

    [Fact]
    public void Read_WithLevels_KeepsTheirOrderAndThoseThatDoNotOccur()
    {
        var table = Tables.Read("g\nmid\nlow\nNA\n", new() { Levels = Tables.Levels("g", "low", "mid", "high"), Ordered = ["g"] });
        table.Factor("g").Levels.ShouldBe(["low", "mid", "high"]);
        table.Factor("g").Codes.ToArray().ShouldBe([1, 0, -1]);
        table.Factor("g").IsOrdered.ShouldBeTrue();
    }

    [Fact]
    public void Read_OfDeclaredFactorAllMissing_HasNoLevels() =>
        Tables.Read("g,x\nNA,1\n", new() { Factors = ["g"] }).Factor("g").Levels.ShouldBeEmpty();

    [Fact]
    public void Read_OfMarkedUtf8_DropsTheMark() =>
        Tables.Read([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("\"y\",x\n1,2\n")]).Columns.Select(column => column.Name).ShouldBe(["y", "x"]);

    [Fact]
    public void Read_OfHeader_TrimsNamesAndNamesTheUnnamed() =>
        Tables.Read("\"\", y ,\" z \",\n1,2,3,4\n").Columns.Select(column => column.Name).ShouldBe(["column1", "y", "z", "column4"]);

    [Fact]
    public void Read_OfBlankLines_SkipsThem()
    {
        Tables.Read("\n  \nx,y\n1,2\n\n3,4\n\n\r\n \n").Numbers("y").ShouldBe([2, 4]);
        Tables.Read("x,y\n1,2\n,\n").RowCount.ShouldBe(2);
    }

    [Fact]
    public void Read_OfOneColumn_TakesBlankLinesWithinAsMissing()
    {
        Tables.Read("x\n1\n\n3\n\n\n").Numbers("x").ShouldBe([1, double.NaN, 3]);
        Tables.Read("x\n1\n\"\"\n").Numbers("x").ShouldBe([1, double.NaN]);
    }

    [Fact]
    public void Read_WithoutFinalLineEnd_KeepsTheLastRow() => Tables.Read("x,g\n1,a\n2,b").Factor("g").Texts().ShouldBe(["a", "b"]);

    [Fact]
    public void Read_OfLineEndsInQuotes_KeepsThem() => Tables.Read("g,x\n\"a\nb\",1\n").Factor("g").Levels.ShouldBe(["a\nb"]);

    [Theory]
    [InlineData("x;g\n1.5;a\n")]
    [InlineData("x\tg\n1.5\ta\n")]
    [InlineData("x,g\n1.5,a\n")]
    public void Read_OfStream_FindsTheDelimiter(string text) => Tables.Read(text).Numbers("x").ShouldBe([1.5]);

    [Fact]
    public void Read_WithDelimiter_TakesIt() => Tables.Read("x|y,z\n1|2\n", new() { Delimiter = '|' }).Numbers("y,z").ShouldBe([2]);

    [Theory]
    [InlineData('"')]
    [InlineData('\n')]
    [InlineData('é')]
    public void Read_WithImpossibleDelimiter_RefusesTheCall(char delimiter) =>
        Should.Throw<ArgumentException>(() => Tables.Read("x\n1\n", new() { Delimiter = delimiter }));

    [Fact]
    public void Read_OfManyRowsAndLevels_KeepsEveryCell()
    {
        const int Rows = 20_000;
        var text = new StringBuilder("row,g,id\n");
        for (var row = 0; row < Rows; row++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{row},g{row % 977:000},{(row < Rows / 2 ? "" : "u")}{row}\n");
        var table = Tables.Read(text.ToString());
        table.Numbers("row").ShouldBe(Enumerable.Range(0, Rows).Select(row => (double)row));
        table.Factor("g").Codes.ToArray().ShouldBe(Enumerable.Range(0, Rows).Select(row => row % 977));
        table.Factor("id").Texts()[123].ShouldBe("123");
        table.Factor("id").Texts()[^1].ShouldBe("u19999");
    }
}
