using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using FsCheck;
using FsCheck.Fluent;
using MixedModels.Data;

namespace MixedModels.Tests.Data;

public class DelimitedScannerTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", "a|b/1|2")]
    [InlineData("a,b\n1,2", "a|b/1|2")]
    [InlineData("a,b\r\n1,2\r\n", "a|b/1|2")]
    [InlineData("a,b\r1,2\r", "a|b/1|2")]
    [InlineData("a,\n,b\n", "a|/|b")]
    [InlineData("a,b,", "a|b|")]
    [InlineData(" a , b c ,\td\t", "a|b c|d")]
    [InlineData("\"a,b\",\"c\nd\"\n1,2", "a,b|c\nd/1|2")]
    [InlineData("\"say \"\"yes\"\"\",\"\"\"\"\n", "say \"yes\"|\"")]
    [InlineData("\" a \" , \"\"\n", " a |")]
    [InlineData("5\" pipe,6\"\n", "5\" pipe|6\"")]
    [InlineData("ä,日本,😀", "ä|日本|😀")]
    public void Read_OfCasesByHand_SplitsAsExpected(string text, string expected) =>
        string.Join('/', Scan(text, ',').Select(record => string.Join('|', record.Fields))).ShouldBe(expected);

    [Fact]
    public void Read_ByTab_KeepsBlanksOutsideFieldsAway() =>
        Scan("a\t b \t\tc d\n", '\t')[0].Fields.ShouldBe(["a", "b", "", "c d"]);

    [Fact]
    public void Line_AfterQuotedLineEnds_CountsLinesOfTheFile() =>
        Scan("a\n\"x\r\ny\nz\"\n\nb\r\nc\n", ',').Select(record => record.Line).ShouldBe([1, 2, 5, 6, 7]);

    [Theory]
    [InlineData("a,b\n1,\"2\n3,4\n", "line 2", "never closed")]
    [InlineData("a,b\n1,\"2\"x\n", "line 2", "follows a closing quote")]
    public void Read_OfMalformedQuotes_NamesTheLine(string text, string where, string what)
    {
        var message = Should.Throw<DataException>(() => Scan(text, ',')).Message;
        message.ShouldContain(where);
        message.ShouldContain(what);
    }

    [Fact]
    public void Read_OfRandomTables_AgreesWithCsvHelper()
    {
        // A field as a writer would quote it; characters that matter to the grammar come often.
        var field = Gen.Elements('a', 'b', '7', ',', '"', '\n', '\r', ';', 'é', '.').ArrayOf().Select(symbols => new string(symbols));
        var table = field.NonEmptyListOf().Where(row => row.Count > 1).NonEmptyListOf();
        Prop.ForAll(table.ToArbitrary(), rows =>
        {
            var text = string.Join("\r\n", rows.Select(row => string.Join(',', row.Select(Quoted))));
            var ours = Scan(text, ',').Select(record => record.Fields).ToList();
            var theirs = ReadByCsvHelper(text);
            ours.Count.ShouldBe(theirs.Count);
            for (var i = 0; i < ours.Count; i++)
                ours[i].ShouldBe(theirs[i]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20_260_101UL, 1UL));
    }

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;

    private static List<string[]> ReadByCsvHelper(string text)
    {
        using var parser = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture));
        var records = new List<string[]>();
        while (parser.Read())
            records.Add(parser.Record!);
        return records;
    }

    private static List<(int Line, string[] Fields)> Scan(string text, char delimiter)
    {
        var scanner = new DelimitedScanner(Encoding.UTF8.GetBytes(text), (byte)delimiter, "test");
        var records = new List<(int, string[])>();
        while (scanner.Read())
        {
            var fields = new string[scanner.FieldCount];
            for (var i = 0; i < fields.Length; i++)
                fields[i] = Encoding.UTF8.GetString(scanner[i]);
            records.Add((scanner.Line, fields));
        }

        return records;
    }
}
