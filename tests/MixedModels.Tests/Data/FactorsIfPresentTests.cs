using System.Text;
using MixedModels.Data;

namespace MixedModels.Tests.Data;

public sealed class FactorsIfPresentTests
{
    [Fact]
    public void FactorsIfPresent_ColumnMostlyOfNumbers_IsReadAsAFactor() =>
        Read("g,x\n1,5\n2,6\n3,7\nnew,8\n", "g")["g"].ShouldBeOfType<FactorColumn>().Levels.ShouldBe(["1", "2", "3", "new"]);

    [Fact]
    public void FactorsIfPresent_ColumnAbsent_IsNoError() => Read("x\n5\n", "g").Columns.Select(column => column.Name).ShouldBe(["x"]);

    private static DataTable Read(string text, string factor)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return DataTable.ReadDelimited(stream, new() { FactorsIfPresent = [factor] });
    }
}
