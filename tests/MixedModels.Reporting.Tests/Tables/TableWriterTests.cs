using MixedModels.Reporting.Tables;

namespace MixedModels.Reporting.Tests.Tables;

public class TableWriterTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData(" blank", "\" blank\"")]
    [InlineData("", "")]
    public void Csv_Cell_IsQuotedWhereNeeded(string cell, string written) =>
        Written(CsvTable.Write, new TextColumn("h", [cell])).ShouldBe($"h\n{written}\n");

    [Fact]
    public void Csv_Numbers_AreExactAndMissingOnesNamed() =>
        Written(CsvTable.Write, new NumberColumn("x", [1.0 / 3, null, double.NaN, double.PositiveInfinity, double.NegativeInfinity], new DecimalsLayout(1)))
            .ShouldBe("x\n0.3333333333333333\n\nNA\nInf\n-Inf\n");

    [Theory]
    [InlineData("a|b", "a\\|b")]
    [InlineData("x*y_z", "x\\*y\\_z")]
    [InlineData("<b>", "\\<b\\>")]
    [InlineData("two\nlines", "two lines")]
    public void Markdown_Cell_IsEscaped(string cell, string written) =>
        Written(MarkdownTable.Write, new TextColumn("h", [cell])).ShouldBe($"| h |\n| :--- |\n| {written} |\n");

    [Fact]
    public void Text_WideCharacters_StayAligned() =>
        Written((writer, table) => TextTable.Write(writer, table), new TextColumn("g", ["東京", "é", "e\u0301"]), new NumberColumn("x", [1, 2, 3], new DecimalsLayout(0)))
            .ShouldBe("g     x\n東京  1\né     2\ne\u0301     3\n");

    [Fact]
    public void Text_WideTable_RepeatsKeysInEveryPart()
    {
        var columns = new ResultColumn[] { new TextColumn("k", ["r"]), new TextColumn("aaaa", ["1"]), new TextColumn("bbbb", ["2"]), new TextColumn("cccc", ["3"]) };
        Written((writer, table) => TextTable.Write(writer, table), width: 13, columns)
            .ShouldBe("k  aaaa  bbbb\nr  1     2\n\nk  cccc\nr  3\n");
    }

    [Fact]
    public void Text_ColumnWiderThanThePage_StandsAlone() =>
        Written((writer, table) => TextTable.Write(writer, table), width: 4, new TextColumn("k", ["r"]), new TextColumn("a long one", ["1"]))
            .ShouldBe("k  a long one\nr  1\n");

    [Fact]
    public void Table_OfUnequalColumns_Throws()
    {
        Should.Throw<ArgumentException>(() => new ResultTable([new TextColumn("a", ["1"]), new TextColumn("b", [])])).Message.ShouldContain("'b'");
        Should.Throw<ArgumentException>(() => new ResultTable([]));
    }

    [Fact]
    public void Wrapped_LongText_BreaksAtBlanksAndHangs()
    {
        using var writer = new StringWriter();
        WrappedText.Write(writer, "Try: ", string.Join(' ', Enumerable.Repeat("word", 21)) + "\nx", 5);
        writer.ToString().ShouldBe($"Try: {string.Join(' ', Enumerable.Repeat("word", 19))}\n     word word x\n");
    }

    [Fact]
    public void Wrapped_WordLongerThanThePage_StaysWhole()
    {
        using var writer = new StringWriter();
        WrappedText.Write(writer, "", new string('a', 120) + " b", 2);
        writer.ToString().ShouldBe(new string('a', 120) + "\n  b\n");
    }

    [Fact]
    public void Wrapped_ColouredWords_TakeNoMoreRoom()
    {
        using var writer = new PageWriter(new() { Width = 12, HasColour = true });
        WrappedText.Write(writer, PageWriter.Styled(writer, TextStyle.Problem, "bad") + ": ", "one two three", 2);
        writer.ToString().ShouldBe("\u001b[1;31mbad\u001b[0m: one two\n  three\n");
        using var plain = new StringWriter();
        PageWriter.Styled(plain, TextStyle.Problem, "bad").ShouldBe("bad");
    }

    private static string Written(Action<TextWriter, ResultTable> write, params ResultColumn[] columns) => Written(write, new TextLayout().Width, columns);

    private static string Written(Action<TextWriter, ResultTable> write, int width, params ResultColumn[] columns)
    {
        using var writer = new PageWriter(new() { Width = width });
        write(writer, new ResultTable(columns));
        return writer.ToString();
    }
}
