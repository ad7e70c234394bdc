using MixedModels.Data;
using MixedModels.Design;

namespace MixedModels.Tests.Design;

public sealed class MatrixSizeTests
{
    [Fact]
    public void Require_BeyondOneArray_NamesTheFigureAndWhatToDo() =>
        Should.Throw<DataException>(() => MatrixSize.Require("Factor 'id' with its 60000 levels", 80_000, 59_999, long.MaxValue)).Message.ShouldBe(
            "Factor 'id' with its 60000 levels needs a design matrix of 80,000 rows × 59,999 columns, 38.4 GB; at most 17.2 GB can be held. "
            + "A factor with many levels belongs in a random term, as the group of (1 | g).");

    /// <summary>A product of levels can pass any whole number.</summary>
    [Fact]
    public void Require_ManyFactorsCrossed_IsRefused() =>
        Should.Throw<DataException>(() => MatrixSize.Require("The formula", 100_000, 1e24, long.MaxValue)).Message.ShouldContain("columns");

    [Theory]
    [InlineData(1_600_000, true)]
    [InlineData(1_599_999, false)]
    public void Require_MatrixAndItsCopy_MustFitTheMemory(long available, bool fits)
    {
        void Require() => MatrixSize.Require("The formula", 1_000, 100, available);
        if (fits) Require();
        else Should.Throw<DataException>(Require);
    }

    [Theory]
    [InlineData("y ~ id")]
    [InlineData("y ~ a * id")]
    [InlineData("y ~ a + (0 + id | a)")]
    public void Create_FactorOfSixtyThousandLevels_IsRefusedBeforeItsCodingIsMade(string formula)
    {
        const int rows = 60_001;
        var table = new DataTable(
        [
            new NumericColumn("y", [.. Enumerable.Range(0, rows).Select(r => Math.Sin(r))]),
            new FactorColumn("id", [.. Enumerable.Range(0, rows - 1).Select(i => $"s{i}")], [.. Enumerable.Range(0, rows).Select(r => r % (rows - 1))]),
            new FactorColumn("a", ["u", "v"], [.. Enumerable.Range(0, rows).Select(r => r % 2)]),
        ]);
        Should.Throw<DataException>(() => new LinearMixedModel(formula).Prepare(table)).Message.ShouldStartWith("Factor 'id' with its 60000 levels needs");
    }
}
