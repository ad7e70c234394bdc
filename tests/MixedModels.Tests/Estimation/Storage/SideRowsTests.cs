using MixedModels.Estimation.Storage;

namespace MixedModels.Tests.Estimation.Storage;

public sealed class SideRowsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 4)]
    [InlineData(8, 8)]
    [InlineData(9, 12)]
    public void Width_IsTheNextWholeVector(int m, int width) => SideRows.Width(m).ShouldBe(width);

    [Fact]
    public void FromColumns_OfTwoColumns_SetsThemSideBySideWithZerosBehind()
    {
        // Three rows of a matrix of four, columns 4 apart.
        double[] columns = [1, 2, 3, 9, 4, 5, 6, 9];
        var rows = new double[12];
        SideRows.FromColumns(columns, 4, 2, rows);
        rows.ShouldBe([1, 4, 0, 0, 2, 5, 0, 0, 3, 6, 0, 0]);
        var back = new double[8];
        SideRows.ToColumns(rows, 2, back, 4);
        back.ShouldBe([1, 2, 3, 0, 4, 5, 6, 0]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(1025, 4)]
    [InlineData(1200, 9)]
    public void SubtractProducts_IsTheLowerTriangleOfTheProduct(int count, int m)
    {
        var random = new Random(count + m);
        var width = SideRows.Width(m);
        var (left, right, cross) = (new double[count * width], new double[count * width], new double[m * m]);
        for (var r = 0; r < count; r++)
        {
            for (var c = 0; c < m; c++) (left[(r * width) + c], right[(r * width) + c]) = (random.NextDouble() - 0.5, random.NextDouble() - 0.5);
        }

        SideRows.SubtractProducts(left, right, m, cross);
        for (var c = 0; c < m; c++)
        {
            for (var d = 0; d < m; d++)
            {
                var sum = Enumerable.Range(0, count).Sum(r => left[(r * width) + c] * right[(r * width) + d]);
                cross[d + (c * m)].ShouldBe(d < c ? 0 : -sum, 1e-13 * count);
            }
        }
    }
}
