namespace MixedModels.Cli.Tests;

public class QuotedListTests
{
    [Theory]
    [InlineData("a", new[] { "a" })]
    [InlineData("a,b", new[] { "a", "b" })]
    [InlineData(" a , b c ", new[] { "a", "b c" })]
    [InlineData("\"a,b\",\"c=d\"", new[] { "a,b", "c=d" })]
    [InlineData("\"say \"\"x\"\"\" , y", new[] { "say \"x\"", "y" })]
    [InlineData("\" kept \"", new[] { " kept " })]
    [InlineData("\"\",b", new[] { "", "b" })]
    public void Items_List_AreReadWithTheirQuotes(string text, string[] items) => QuotedList.Items("--factor", text).ShouldBe(items);

    [Fact]
    public void NamedItems_NameAndLevels_AreRead()
    {
        var (name, items) = QuotedList.NamedItems("--levels", "\"my=arm\"=placebo,\"5,0 mg\",-1");
        name.ShouldBe("my=arm");
        items.ShouldBe(["placebo", "5,0 mg", "-1"]);
    }

    [Fact]
    public void Pairs_List_AreRead() => QuotedList.Pairs("--contrasts", "a=sum, b=helmert").ShouldBe([("a", "sum"), ("b", "helmert")]);

    [Theory]
    [InlineData("a=x,\"y", "the quote at column 5 is not closed")]
    [InlineData("a=x,,y", "wanted a name or a value at column 5, found nothing")]
    [InlineData("a=x,", "wanted a name or a value at column 5, found nothing")]
    [InlineData("a=", "wanted a name or a value at column 3, found nothing")]
    [InlineData("=x", "wanted a name or a value at column 1, found nothing")]
    [InlineData("a=x=y", "wanted ',' or the end at column 4, found '='")]
    [InlineData("a=\"x\"y", "wanted ',' or the end at column 6, found 'y'")]
    [InlineData("a=x\"y\"", "wanted ',' or the end at column 4, found '\"'")]
    public void NamedItems_BadlyWritten_AreRefusedAtTheirPlace(string text, string message) =>
        Should.Throw<CommandLineException>(() => QuotedList.NamedItems("--levels", text)).Message.ShouldStartWith($"--levels \"{text}\": {message}");
}
