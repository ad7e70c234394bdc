using System.IO.Compression;
using System.Text;
using MixedModels.Data;

namespace MixedModels.Tests.Data;

public sealed class DelimitedTextTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mixed-data-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("a.csv", "x,y\n1,2\n")]
    [InlineData("a.tsv", "x\ty\n1\t2\n")]
    [InlineData("a.TAB", "x\ty\n1\t2\n")]
    [InlineData("a.csv", "x;y\n1;2\n")]
    [InlineData("a.txt", "x;y\n1;2\n")]
    [InlineData("a", "x,y\n1,2\n")]
    public void ReadCsv_OfFile_TakesTheDelimiterOfItsName(string name, string text) => DataTable.ReadCsv(Write(name, text)).Numbers("y").ShouldBe([2]);

    [Theory]
    [InlineData("a.csv.gz", "x,y\n1,2\n")]
    [InlineData("a.tsv.gz", "x\ty\n1\t2\n")]
    [InlineData("a.csv", "x,y\n1,2\n")]
    public void ReadCsv_OfGzip_KnowsItByContent(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, Gzip(text));
        DataTable.ReadCsv(path).Numbers("y").ShouldBe([2]);
    }

    [Fact]
    public void ReadCsv_OfPlainTextNamedGzip_ReadsIt() => DataTable.ReadCsv(Write("a.csv.gz", "x,y\n1,2\n")).Numbers("y").ShouldBe([2]);

    [Fact]
    public void ReadDelimited_OfStreamThatCannotSeek_ReadsAllOfIt()
    {
        // Beyond the first buffer, so that growing is exercised.
        var text = "x,y\n" + string.Concat(Enumerable.Repeat("1,22222\n", 20_000));
        using var stream = new GZipStream(new MemoryStream(Gzip(text)), CompressionMode.Decompress);
        DataTable.ReadDelimited(stream).RowCount.ShouldBe(20_000);
    }

    [Fact]
    public void ReadCsv_OfDamagedGzip_SaysSo()
    {
        var packed = Gzip("x,y\n" + string.Concat(Enumerable.Range(0, 2000).Select(row => $"{row},{row * row}\n")));
        var path = Path.Combine(folder, "cut.csv.gz");
        File.WriteAllBytes(path, packed[..(packed.Length / 2)]);
        Should.Throw<DataException>(() => DataTable.ReadCsv(path)).Message.ShouldContain("damaged or cut short");

        for (var i = 30; i < packed.Length; i++)
            packed[i] ^= 0x5A;
        Should.Throw<DataException>(() => Tables.Read(packed)).Message.ShouldContain("damaged or cut short");
    }

    [Fact]
    public void Read_OfGzipMembersOneAfterAnother_ReadsAll()
    {
        Tables.Read([.. Gzip("x,y\n1,2\n"), .. Gzip("3,4\n5,6\n")]).Numbers("y").ShouldBe([2, 4, 6]);
        Tables.Read([.. Gzip("x,y\n1,2\n"), .. Gzip("")]).Numbers("y").ShouldBe([2]);
        byte[] cut = [.. Gzip("x,y\n1,2\n"), .. Gzip("3,4\n5,6\n")[..^3]];
        Should.Throw<DataException>(() => Tables.Read(cut)).Message.ShouldContain("damaged or cut short");
    }

    [Fact]
    public void Read_OfEmptyGzip_SaysEmpty() => Should.Throw<DataException>(() => Tables.Read(Gzip(""))).Message.ShouldContain("is empty");

    [Fact]
    public void ReadCsv_OfMissingFile_NamesTheNearest()
    {
        Write("visits.csv", "x\n1\n");
        var message = Should.Throw<DataException>(() => DataTable.ReadCsv(Path.Combine(folder, "vists.csv"))).Message;
        message.ShouldContain("does not exist; nearest: 'visits.csv'");
    }

    [Fact]
    public void ReadCsv_OfMissingFolder_SaysSo() =>
        Should.Throw<DataException>(() => DataTable.ReadCsv(Path.Combine(folder, "nowhere", "a.csv"))).Message.ShouldContain("there is no folder");

    [Fact]
    public void ReadCsv_OfFolder_SaysSo() => Should.Throw<DataException>(() => DataTable.ReadCsv(folder)).Message.ShouldContain("is a folder");

    [Fact]
    public void ReadCsv_OfMessyFile_NamesThePath()
    {
        var path = Write("a.csv", "x,y\n1\n");
        Should.Throw<DataException>(() => DataTable.ReadCsv(path)).Message.ShouldStartWith($"'{path}' line 2: 1 field found");
        Should.Throw<DataException>(() => DataTable.ReadCsv(path, new() { SourceName = "my data" })).Message.ShouldStartWith("my data line 2");
    }

    [Theory]
    [InlineData("PK\u0003\u0004....", "spreadsheet")]
    [InlineData("PAR1....", "Parquet")]
    [InlineData("BZh91AY", "compressed")]
    [InlineData("x,y\n1,\0\n", "zero byte at position 7")]
    public void Read_OfBinary_SaysWhatItIs(string content, string expected) => Tables.Refusal(content).ShouldContain(expected);

    [Fact]
    public void Read_OfUtf16_AdvisesUtf8() =>
        Should.Throw<DataException>(() => Tables.Read([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("x\n1\n")])).Message.ShouldContain("UTF-16");

    [Fact]
    public void Read_OfGzipTwice_SaysSo()
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            packing.Write(Gzip("x\n1\n"));
        Should.Throw<DataException>(() => Tables.Read(packed.ToArray())).Message.ShouldContain("twice");
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            packing.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
