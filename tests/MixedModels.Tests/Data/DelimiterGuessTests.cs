using System.Text;
using MixedModels.Data;

namespace MixedModels.Tests.Data;

public class DelimiterGuessTests
{
    [Theory]
    [InlineData(null, "a,b", ',')]
    [InlineData(null, "a;b", ';')]
    [InlineData(null, "a;b,c", ',')]
    [InlineData(null, "a\tb,c;d", '\t')]
    [InlineData(null, "a", ',')]
    [InlineData(null, "\"a;b\",c", ',')]
    [InlineData(null, "\"a,b\";c", ';')]
    [InlineData(null, "\n\na;b\n1,5;2", ';')]
    [InlineData("f.csv", "a\tb,c", ',')]
    [InlineData("f.csv", "a;b", ';')]
    [InlineData("f.CSV.gz", "a\tb,c", ',')]
    [InlineData("f.tsv", "a,b\tc", '\t')]
    [InlineData("f.tab.gz", "a", '\t')]
    [InlineData("f.txt", "a b;c", ';')]
    public void Of_NameAndHeader_ChoosesTheDelimiter(string? path, string text, char expected) =>
        ((char)DelimiterGuess.Of(path, Encoding.UTF8.GetBytes(text))).ShouldBe(expected);
}
